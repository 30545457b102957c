/** A network as nested loops over typed arrays: no TensorFlow, no allocation a row. */
import type { ComputedNetwork } from '../../contracts/model.ts';
import type { DenseLayer, Network } from './layers-format.ts';

export interface ForwardPass {
  /** What runs it: WebAssembly vectors, plain loops, or TensorFlow.js for a network that those two cannot read. */
  readonly kind: 'simd' | 'loops' | 'tensorflow';
  readonly features: number;
  readonly heads: number;
  /**
   * One row of raw features to the network's heads.
   * @param raw unscaled features; read from `offset` on.
   * @param out receives `heads` numbers from index 0 on.
   */
  run(raw: Float64Array, offset: number, out: Float64Array): void;
}

export interface Scaling {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly clip: number;
}

/** x' = clip((x − mean) / std, ±clip) */
export function scaled(value: number, index: number, { mean, std, clip }: Scaling): number {
  const z = (value - mean[index]!) / std[index]!;
  return z > clip ? clip : z < -clip ? -clip : z;
}

/** Scaling before a network that other code computes. */
export function computedForwardPass(network: ComputedNetwork, scaling: Scaling): ForwardPass {
  const { features, heads } = network;
  const row = new Float32Array(features);
  const run = (raw: Float64Array, offset: number, out: Float64Array): void => {
    for (let i = 0; i < features; i++) row[i] = scaled(raw[offset + i]!, i, scaling);
    const answer = network.run(row);
    for (let h = 0; h < heads; h++) out[h] = answer[h]!;
  };
  return { kind: 'tensorflow', features, heads, run };
}

interface CompiledLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

/**
 * Compiles scaling and network into one function. Two things make it fast: what a feature adds at 0 is folded into the first
 * bias, so that the many columns that are 0 in a row (one-hot hours) cost nothing, and units that relu silenced are skipped.
 */
export function compileForwardPass(network: Network, scaling: Scaling): ForwardPass {
  const features = network.members[0]![0]!.inputs;
  const heads = network.members[0]!.at(-1)!.outputs;
  const atZero = Float64Array.from({ length: features }, (_, i) => scaled(0, i, scaling));
  const members = network.members.map((member) =>
    member.map((layer, i) => compileLayer(layer, i === 0 ? atZero : undefined)),
  );
  const widest = Math.max(...members.flat().map((layer) => layer.outputs));
  const [even, odd] = [new Float64Array(widest), new Float64Array(widest)];
  const indices = new Int32Array(features);
  const values = new Float64Array(features);
  const share = 1 / members.length;

  const run = (raw: Float64Array, offset: number, out: Float64Array): void => {
    let active = 0;
    for (let i = 0; i < features; i++) {
      const value = raw[offset + i]!;
      if (value === 0) continue;
      indices[active] = i;
      values[active++] = scaled(value, i, scaling) - atZero[i]!;
    }
    out.fill(0, 0, heads);
    for (const layers of members) {
      sparseLayer(layers[0]!, indices, values, active, even);
      let [from, to] = [even, odd];
      for (let i = 1; i < layers.length; i++) {
        denseLayer(layers[i]!, from, to);
        [from, to] = [to, from];
      }
      for (let h = 0; h < heads; h++) out[h]! += from[h]! * share;
    }
  };
  return { kind: 'loops', features, heads, run };
}

function compileLayer(layer: DenseLayer, atZero: Float64Array | undefined): CompiledLayer {
  const kernel = Float64Array.from(layer.kernel);
  const bias = Float64Array.from(layer.bias);
  if (atZero) {
    for (let i = 0; i < layer.inputs; i++) {
      for (let j = 0; j < layer.outputs; j++) bias[j]! += atZero[i]! * kernel[i * layer.outputs + j]!;
    }
  }
  return { inputs: layer.inputs, outputs: layer.outputs, relu: layer.activation === 'relu', kernel, bias };
}

function sparseLayer(
  layer: CompiledLayer,
  indices: Int32Array,
  values: Float64Array,
  active: number,
  out: Float64Array,
): void {
  const { outputs, kernel, bias } = layer;
  for (let j = 0; j < outputs; j++) out[j] = bias[j]!;
  for (let k = 0; k < active; k++) addRow(kernel, indices[k]! * outputs, values[k]!, outputs, out);
  if (layer.relu) rectify(out, outputs);
}

function denseLayer(layer: CompiledLayer, input: Float64Array, out: Float64Array): void {
  const { inputs, outputs, kernel, bias } = layer;
  for (let j = 0; j < outputs; j++) out[j] = bias[j]!;
  for (let i = 0; i < inputs; i++) {
    const value = input[i]!;
    if (value !== 0) addRow(kernel, i * outputs, value, outputs, out);
  }
  if (layer.relu) rectify(out, outputs);
}

function addRow(kernel: Float64Array, at: number, value: number, outputs: number, out: Float64Array): void {
  for (let j = 0; j < outputs; j++) out[j]! += value * kernel[at + j]!;
}

function rectify(values: Float64Array, length: number): void {
  for (let j = 0; j < length; j++) if (values[j]! < 0) values[j] = 0;
}
