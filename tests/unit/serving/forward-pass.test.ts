/** The compiled forward pass and the model file against stock TensorFlow.js. */
import * as tfModule from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileForwardPass, scaled } from '../../../core/serving/forward-pass.ts';
import { readLayersModel, writeLayersModel, type Network } from '../../../core/serving/layers-format.ts';
import { compileSimdForwardPass } from '../../../core/serving/simd-forward-pass.ts';
import { seededRandom } from '../../../core/random.ts';
import { randomNetwork } from './tiny-network.ts';

const tf = (tfModule as unknown as { default?: typeof tfModule }).default ?? tfModule;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Loads as a stranger would, from the two files alone. */
async function stockPrediction(topology: string, weights: Uint8Array, rows: number[][]): Promise<number[][]> {
  const json = JSON.parse(topology) as {
    modelTopology: tfModule.io.ModelJSON['modelTopology'];
    weightsManifest: tfModule.io.WeightsManifestConfig;
  };
  const model = await tf.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest[0]!.weights,
        weightData: new Uint8Array(weights).buffer,
      }),
  });
  const out = model.predict(tf.tensor2d(rows), { batchSize: rows.length }) as tfModule.Tensor2D;
  return out.array();
}

/** By head, what is summed in the last layer with every term taken as positive: the mean of the members, in float64. */
function sizeOfSums({ members }: Network, row: readonly number[]): number[] {
  const sizes = members.map((layers) => {
    let [values, sums] = [row, row];
    for (const { inputs, outputs, kernel, bias, activation } of layers) {
      const terms = Array.from({ length: outputs }, (_, o) => [
        bias[o]!,
        ...Array.from({ length: inputs }, (_, i) => kernel[i * outputs + o]! * values[i]!),
      ]);
      sums = terms.map((each) => each.reduce((sum, term) => sum + Math.abs(term), 0));
      const totals = terms.map((each) => each.reduce((sum, term) => sum + term, 0));
      values = activation === 'relu' ? totals.map((total) => Math.max(0, total)) : totals;
    }
    return sums;
  });
  return sizes[0]!.map((_, h) => sizes.reduce((sum, of) => sum + of[h]!, 0) / sizes.length);
}

const architecture = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  members: fc.integer({ min: 1, max: 5 }),
  features: fc.integer({ min: 1, max: 90 }),
  hidden: fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 0, maxLength: 3 }),
  heads: fc.integer({ min: 1, max: 4 }),
});

describe.each([
  ['compileForwardPass', compileForwardPass],
  // Asserted to be there: this must not pass because nothing was compiled.
  [
    'compileSimdForwardPass',
    (...args: Parameters<typeof compileSimdForwardPass>) => compileSimdForwardPass(...args)!,
  ],
])('%s', (_name, compile) => {
  test('equals TensorFlow.js within 1e-5 over random networks and rows', async () => {
    await fc.assert(
      fc.asyncProperty(architecture, async ({ seed, members, features, hidden, heads }) => {
        const network = randomNetwork(seed, members, [features, ...hidden, heads]);
        const random = seededRandom(seed, 1);
        const scaling = {
          mean: Array.from({ length: features }, () => random() - 0.5),
          std: Array.from({ length: features }, () => 0.2 + random()),
          clip: 5,
        };
        // A third of the numbers are 0, as in one-hot columns, and some are far beyond the clip.
        const rows = Array.from({ length: 3 }, () =>
          Array.from({ length: features }, () => (random() < 0.33 ? 0 : 20 * (random() - 0.5))),
        );
        const { topology, weights } = writeLayersModel(network, 'weights.bin');
        const scaledRows = rows.map((row) => row.map((value, i) => scaled(value, i, scaling)));
        const expected = await stockPrediction(topology, weights, scaledRows);
        const pass = compile(network, scaling);
        const out = new Float64Array(heads);
        rows.forEach((row, r) => {
          pass.run(Float64Array.from(row), 0, out);
          // TensorFlow.js sums products in float32, and they cancel: relative to the size of what is summed.
          const size = Math.max(1, ...sizeOfSums(network, scaledRows[r]!));
          expected[r]!.forEach((value, h) => expect(Math.abs(out[h]! - value) / size).toBeLessThan(1e-5));
        });
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('reads a row from its offset and keeps nothing of the row before', () => {
    const pass = compile(randomNetwork(3, 2, [4, 8, 2]), {
      mean: [0, 0, 0, 0],
      std: [1, 1, 1, 1],
      clip: 5,
    });
    const [alone, both] = [new Float64Array(2), new Float64Array(2)];
    pass.run(Float64Array.of(1, 0, -2, 0.5), 0, alone);
    pass.run(Float64Array.of(9, 9, 9, 9, 1, 0, -2, 0.5), 4, both);
    expect(both).toEqual(alone);
  });

  test('lets NaN through, so that broken weights are not taken for silent units', () => {
    const network = randomNetwork(4, 2, [3, 5, 2]);
    network.members[1]![0]!.kernel.fill(NaN);
    const pass = compile(network, { mean: [0, 0, 0], std: [1, 1, 1], clip: 5 });
    const out = new Float64Array(2);
    pass.run(Float64Array.of(1, 2, 3), 0, out);
    expect(out).toEqual(Float64Array.of(NaN, NaN));
  });
});

describe('compileSimdForwardPass', () => {
  const scaling = { mean: [0, 0, 0], std: [1, 1, 1], clip: 5 };

  test('leaves to the other pass what it cannot add up: members that end in relu', () => {
    const { members } = randomNetwork(1, 2, [3, 4]);
    const rectified = members.map((member) =>
      member.map((layer) => ({ ...layer, activation: 'relu' as const })),
    );
    expect(compileSimdForwardPass({ members: rectified }, scaling)).toBeUndefined();
  });

  test('leaves to the other pass members whose first layers differ in width', () => {
    const members = [randomNetwork(1, 1, [3, 4, 2]).members[0]!, randomNetwork(1, 1, [3, 12, 2]).members[0]!];
    expect(compileSimdForwardPass({ members }, scaling)).toBeUndefined();
  });

  test('does not rectify a hidden layer that is linear', () => {
    const { members } = randomNetwork(6, 1, [3, 6, 2]);
    const linear = {
      members: members.map((member) => member.map((layer) => ({ ...layer, activation: 'linear' as const }))),
    };
    const [vector, plain] = [new Float64Array(2), new Float64Array(2)];
    compileSimdForwardPass(linear, scaling)!.run(Float64Array.of(1, -2, 0), 0, vector);
    compileForwardPass(linear, scaling).run(Float64Array.of(1, -2, 0), 0, plain);
    vector.forEach((value, h) => expect(value).toBeCloseTo(plain[h]!, 5));
  });
});

describe('scaled', () => {
  test('clips at five standard deviations', () => {
    expect(scaled(100, 0, { mean: [10], std: [2], clip: 5 })).toBe(5);
    expect(scaled(-100, 0, { mean: [10], std: [2], clip: 5 })).toBe(-5);
    expect(scaled(13, 0, { mean: [10], std: [2], clip: 5 })).toBe(1.5);
  });
});

describe('readLayersModel', () => {
  const { topology, weights } = writeLayersModel(randomNetwork(5, 3, [6, 5, 2]), 'weights.bin');
  interface Json {
    modelTopology: { config: { layers: { class_name: string; config: Record<string, unknown> }[] } };
  }
  const json = () => JSON.parse(topology) as Json;

  test('gives back what was written, also from a view into a larger buffer', () => {
    const shifted = new Uint8Array(weights.length + 3);
    shifted.set(weights, 3);
    expect(readLayersModel(json(), shifted.subarray(3))).toEqual(randomNetwork(5, 3, [6, 5, 2]));
    expect(readLayersModel(json(), Buffer.from(weights))).toEqual(randomNetwork(5, 3, [6, 5, 2]));
  });

  test('reads what stock TensorFlow.js saves', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, activation: 'relu', inputShape: [4] }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    let saved: tfModule.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        saved = artifacts;
        return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
      }),
    );
    // A sequential model has no output_layers; it is refused rather than misread.
    expect(() =>
      readLayersModel(
        {
          modelTopology: saved!.modelTopology,
          weightsManifest: [{ paths: [], weights: saved!.weightSpecs }],
        },
        new Uint8Array(saved!.weightData as ArrayBuffer),
      ),
    ).toThrow(/expected a TensorFlow.js layers model/);
  });

  test('refuses weights that are too short, naming both sizes', () => {
    expect(() => readLayersModel(json(), weights.subarray(0, 40))).toThrow(
      /expected \d+ bytes by the manifest, got 40/,
    );
  });

  test('refuses an activation and a layer that it cannot compute, by name', () => {
    const tanh = json();
    tanh.modelTopology.config.layers[1]!.config['activation'] = 'tanh';
    expect(() => readLayersModel(tanh, weights)).toThrow(/member_1_dense_1: activation tanh/);
    const dropout = json();
    dropout.modelTopology.config.layers[2]!.class_name = 'Dropout';
    expect(() => readLayersModel(dropout, weights)).toThrow(/member_1_dense_2 is a Dropout/);
  });
});
