import type { ComputedNetwork } from '../../contracts/model.ts';

export interface ForwardPass {
  /** Engine: WebAssembly vectors, or TensorFlow.js for a network of another shape. */
  readonly kind: 'simd' | 'tensorflow';
  readonly features: number;
  readonly heads: number;
  /**
   * Maps one row of raw features to the network's heads.
   * @param raw unscaled features, read from `offset`.
   * @param out receives `heads` numbers from index 0.
   */
  run(raw: Float64Array, offset: number, out: Float64Array): void;
}

export interface Scaling {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly clip: number;
}

/** Returns clip((x − mean) / std, ±clip). */
export function scaled(value: number, index: number, { mean, std, clip }: Scaling): number {
  const z = (value - mean[index]!) / std[index]!;
  return z > clip ? clip : z < -clip ? -clip : z;
}

/** Returns a forward pass that scales features and lets `network` compute. */
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
