/** Compares the compiled forward pass and the model file with stock TensorFlow.js. */
import * as tfModule from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { scaled } from '../../../core/serving/forward-pass.ts';
import {
  readLayersModel,
  writeLayersModel,
  type Network,
  isUnknownShape,
} from '../../../core/serving/layers-format.ts';
import { compileSimdForwardPass } from '../../../core/serving/simd-forward-pass.ts';
import { seededRandom } from '../../../core/random.ts';
import { randomNetwork } from './tiny-network.ts';
import { plainForwardPass } from './plain-forward-pass.ts';

const tf = (tfModule as unknown as { default?: typeof tfModule }).default ?? tfModule;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Loads a model as third parties do, from the two files only. */
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

const architecture = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  members: fc.integer({ min: 1, max: 5 }),
  features: fc.integer({ min: 1, max: 90 }),
  hidden: fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 0, maxLength: 3 }),
  heads: fc.integer({ min: 1, max: 4 }),
});

describe('compileSimdForwardPass', () => {
  test('equals TensorFlow.js and the definition within 1e-5 over random networks and rows', async () => {
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
        const pass = compileSimdForwardPass(network, scaling);
        const out = new Float64Array(heads);
        rows.forEach((row, r) => {
          pass.run(Float64Array.from(row), 0, out);
          // Products cancel in float32 sums, so the error is relative to the size of the terms.
          const plain = plainForwardPass(network, scaling, row);
          const size = Math.max(1, ...plain.sizes);
          for (const other of [expected[r]!, plain.heads])
            other.forEach((value, h) => expect(Math.abs(out[h]! - value) / size).toBeLessThan(1e-5));
        });
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('reads a row from its offset, without values of the row before', () => {
    const pass = compileSimdForwardPass(randomNetwork(3, 2, [4, 8, 2]), {
      mean: [0, 0, 0, 0],
      std: [1, 1, 1, 1],
      clip: 5,
    });
    const [alone, both] = [new Float64Array(2), new Float64Array(2)];
    pass.run(Float64Array.of(1, 0, -2, 0.5), 0, alone);
    pass.run(Float64Array.of(9, 9, 9, 9, 1, 0, -2, 0.5), 4, both);
    expect(both).toEqual(alone);
  });

  test('passes NaN through, so that broken weights do not look like inactive units', () => {
    const network = randomNetwork(4, 2, [3, 5, 2]);
    network.members[1]![0]!.kernel.fill(NaN);
    const pass = compileSimdForwardPass(network, { mean: [0, 0, 0], std: [1, 1, 1], clip: 5 });
    const out = new Float64Array(2);
    pass.run(Float64Array.of(1, 2, 3), 0, out);
    expect(out).toEqual(Float64Array.of(NaN, NaN));
  });

  const scaling = { mean: [0, 0, 0], std: [1, 1, 1], clip: 5 };
  const rejectionOf = (network: Network): unknown => {
    try {
      compileSimdForwardPass(network, scaling);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  test('does not compile members that end in relu', () => {
    const { members } = randomNetwork(1, 2, [3, 4]);
    const rectified = members.map((member) =>
      member.map((layer) => ({ ...layer, activation: 'relu' as const })),
    );
    expect(isUnknownShape(rejectionOf({ members: rectified }))).toBe(true);
  });

  test('does not compile members whose first layers differ in width', () => {
    const members = [randomNetwork(1, 1, [3, 4, 2]).members[0]!, randomNetwork(1, 1, [3, 12, 2]).members[0]!];
    expect(isUnknownShape(rejectionOf({ members }))).toBe(true);
  });

  test('does not rectify a hidden layer that is linear', () => {
    const { members } = randomNetwork(6, 1, [3, 6, 2]);
    const linear = {
      members: members.map((member) => member.map((layer) => ({ ...layer, activation: 'linear' as const }))),
    };
    const out = new Float64Array(2);
    compileSimdForwardPass(linear, scaling).run(Float64Array.of(1, -2, 0), 0, out);
    const { heads } = plainForwardPass(linear, scaling, [1, -2, 0]);
    heads.forEach((value, h) => expect(out[h]).toBeCloseTo(value, 5));
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

  test('reads back the written model, also from a view into a larger buffer', () => {
    const shifted = new Uint8Array(weights.length + 3);
    shifted.set(weights, 3);
    expect(readLayersModel(json(), shifted.subarray(3))).toEqual(randomNetwork(5, 3, [6, 5, 2]));
    expect(readLayersModel(json(), Buffer.from(weights))).toEqual(randomNetwork(5, 3, [6, 5, 2]));
  });

  test('reads models that stock TensorFlow.js saves', async () => {
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
    // A sequential model has no output_layers; the reader rejects it rather than misread it.
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

  test('rejects weights that are too short, and names both sizes', () => {
    expect(() => readLayersModel(json(), weights.subarray(0, 40))).toThrow(
      /expected \d+ bytes according to the manifest, got 40/,
    );
  });

  test('rejects an activation and a layer that it cannot compute, by name', () => {
    const tanh = json();
    tanh.modelTopology.config.layers[1]!.config['activation'] = 'tanh';
    expect(() => readLayersModel(tanh, weights)).toThrow(/member_1_dense_1: activation tanh/);
    const dropout = json();
    dropout.modelTopology.config.layers[2]!.class_name = 'Dropout';
    expect(() => readLayersModel(dropout, weights)).toThrow(/member_1_dense_2 is a Dropout/);
  });
});
