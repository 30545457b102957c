/**
 * Writes and reads `model.json` in TensorFlow.js layers format, for the one shape of network that the training makes: an input,
 * members that are chains of dense layers, and their average. `tf.loadLayersModel` loads the result; reading it needs no TensorFlow.
 */
import { CitibikeError } from '../../contracts/errors.ts';

export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: 'relu' | 'linear';
  /** [inputs, outputs], row by row. */
  readonly kernel: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

/** Each member maps [n, features] to [n, heads]; the network is their average. */
export interface Network {
  readonly members: readonly (readonly DenseLayer[])[];
}

interface LayerConfig {
  /** TensorFlow.js requires this field; its loader hangs without it. */
  readonly name?: string;
  readonly class_name: string;
  readonly config: {
    readonly name: string;
    readonly units?: number;
    readonly activation?: string;
    readonly use_bias?: boolean;
    readonly batch_input_shape?: readonly (number | null)[];
  };
  readonly inbound_nodes?: readonly (readonly (readonly [string, number, number, unknown?])[])[];
}

interface LayersModelJson {
  readonly modelTopology: {
    readonly class_name?: string;
    readonly config?: {
      readonly layers?: readonly LayerConfig[];
      readonly output_layers?: readonly (readonly [string, number, number])[];
    };
    readonly model_config?: LayersModelJson['modelTopology'];
  };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
    }[];
  }[];
}

const bad = (message: string): CitibikeError => new CitibikeError('BAD_MODEL', `model.json: ${message}`);

/** Makes the error for a valid model of a shape that only TensorFlow.js computes. */
export const unknownShape = (message: string): CitibikeError =>
  new CitibikeError('BAD_MODEL', `model.json: ${message}`, { unknownShape: true });

/** Tells whether TensorFlow.js may still load a model that was rejected here. */
export function isUnknownShape(error: unknown): boolean {
  return error instanceof CitibikeError && error.details['unknownShape'] === true;
}

/** @returns contents of `model.json` and `weights.bin`. */
export function writeLayersModel(
  network: Network,
  weightsFile: string,
): { topology: string; weights: Uint8Array } {
  const features = network.members[0]?.[0]?.inputs;
  if (features === undefined) throw bad('expected at least one member with at least one layer');
  const layers: LayerConfig[] = [
    {
      name: 'features',
      class_name: 'InputLayer',
      config: {
        name: 'features',
        batch_input_shape: [null, features],
        ...{ dtype: 'float32', sparse: false },
      },
      inbound_nodes: [],
    },
  ];
  const weights: { name: string; shape: number[]; dtype: string }[] = [];
  const values: Float32Array[] = [];
  const ends = network.members.map((member, m) =>
    member.reduce((from, layer, i) => {
      const name = `member_${m + 1}_dense_${i + 1}`;
      layers.push({
        name,
        class_name: 'Dense',
        config: {
          name,
          units: layer.outputs,
          activation: layer.activation,
          use_bias: true,
          ...{ trainable: true },
        },
        inbound_nodes: [[[from, 0, 0, {}]]],
      });
      weights.push({ name: `${name}/kernel`, shape: [layer.inputs, layer.outputs], dtype: 'float32' });
      weights.push({ name: `${name}/bias`, shape: [layer.outputs], dtype: 'float32' });
      values.push(layer.kernel, layer.bias);
      return name;
    }, 'features'),
  );
  let output = ends[0]!;
  if (ends.length > 1) {
    output = 'members_average';
    layers.push({
      name: output,
      class_name: 'Average',
      config: { name: output },
      inbound_nodes: [ends.map((name) => [name, 0, 0, {}] as const)],
    });
  }
  const topology = {
    format: 'layers-model',
    generatedBy: 'citibike-lifecycle',
    convertedBy: null,
    modelTopology: {
      class_name: 'Model',
      config: { name: 'demand', layers, input_layers: [['features', 0, 0]], output_layers: [[output, 0, 0]] },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{ paths: [weightsFile], weights }],
  };
  return { topology: JSON.stringify(topology), weights: concatenated(values) };
}

function concatenated(values: readonly Float32Array[]): Uint8Array {
  const all = new Float32Array(values.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of values) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(all.buffer);
}

/**
 * Reads a layers model of the shape that `writeLayersModel` writes.
 * @throws CitibikeError BAD_MODEL for other layers, other activations, or weights that do not fit the topology.
 */
export function readLayersModel(topology: unknown, weights: Uint8Array): Network {
  const json = topology as LayersModelJson;
  const model = json?.modelTopology?.model_config ?? json?.modelTopology;
  const layers = model?.config?.layers;
  const outputs = model?.config?.output_layers;
  if (!layers || !outputs || !Array.isArray(json.weightsManifest)) {
    // A model of class Sequential lacks only the outputs.
    const refusal = layers && Array.isArray(json.weightsManifest) ? unknownShape : bad;
    throw refusal(
      'expected a TensorFlow.js layers model with modelTopology.config.layers, output_layers and weightsManifest',
    );
  }
  if (outputs.length !== 1) throw unknownShape(`expected one output, got ${outputs.length}`);
  const byName = new Map(layers.map((layer) => [layer.config.name, layer]));
  const tensors = readTensors(json, weights);
  const chainTo = (name: string): DenseLayer[] => {
    const layer = byName.get(name);
    if (!layer) throw bad(`layer ${name} is an input of another layer, but is missing`);
    if (layer.class_name === 'InputLayer') return [];
    return [...chainTo(onlyInput(layer)), denseOf(layer, tensors)];
  };
  const last = byName.get(outputs[0]![0]);
  if (!last) throw bad(`output layer ${outputs[0]![0]} is missing`);
  const ends = last.class_name === 'Average' ? inputsOf(last) : [last.config.name];
  const members = ends.map(chainTo);
  checkShapes(members);
  return { members };
}

function inputsOf(layer: LayerConfig): string[] {
  return (layer.inbound_nodes?.[0] ?? []).map(([name]) => name);
}

function onlyInput(layer: LayerConfig): string {
  const [input, ...more] = inputsOf(layer);
  if (!input || more.length > 0)
    throw unknownShape(`layer ${layer.config.name}: expected one input, got ${inputsOf(layer).length}`);
  return input;
}

function denseOf(
  layer: LayerConfig,
  tensors: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>,
): DenseLayer {
  const { name, activation } = layer.config;
  if (layer.class_name !== 'Dense')
    throw unknownShape(`layer ${name} is a ${layer.class_name}; expected InputLayer, Dense or Average`);
  if (activation !== 'relu' && activation !== 'linear')
    throw unknownShape(`layer ${name}: activation ${String(activation)}, expected relu or linear`);
  const kernel = tensors.get(`${name}/kernel`);
  const [inputs, outputs] = kernel?.shape ?? [];
  if (!kernel || inputs === undefined || outputs === undefined)
    throw bad(`weights of ${name}/kernel are missing`);
  const bias = tensors.get(`${name}/bias`)?.values ?? new Float32Array(outputs);
  if (bias.length !== outputs) throw bad(`${name}/bias: expected ${outputs} numbers, got ${bias.length}`);
  return { inputs, outputs, activation, kernel: kernel.values, bias };
}

function readTensors(json: LayersModelJson, weights: Uint8Array) {
  const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  // A copy is aligned to four bytes. A view into a larger buffer may not be, and `slice` of a Buffer does not copy.
  const floats = new Float32Array(new Uint8Array(weights).buffer, 0, Math.floor(weights.byteLength / 4));
  let at = 0;
  for (const { name, shape, dtype } of json.weightsManifest.flatMap((group) => group.weights)) {
    if (dtype !== 'float32') throw bad(`weights ${name}: expected float32, got ${dtype}`);
    const size = shape.reduce((product, length) => product * length, 1);
    tensors.set(name, { shape, values: floats.subarray(at, at + size) });
    at += size;
  }
  if (at * 4 !== weights.byteLength) {
    throw bad(`weights.bin: expected ${at * 4} bytes according to the manifest, got ${weights.byteLength}`);
  }
  return tensors;
}

function checkShapes(members: readonly (readonly DenseLayer[])[]): void {
  const [first] = members;
  if (!first || first.length === 0) throw bad('expected at least one dense layer between input and output');
  for (const member of members) {
    member.forEach((layer, i) => {
      const before = member[i - 1];
      if (before && before.outputs !== layer.inputs) {
        throw bad(
          `layer ${i + 1} of a member has ${layer.inputs} inputs, expected the ${before.outputs} outputs of the layer before`,
        );
      }
    });
    if (member[0]?.inputs !== first[0]!.inputs || member.at(-1)?.outputs !== first.at(-1)!.outputs) {
      throw bad('expected members with the same inputs and outputs');
    }
  }
}
