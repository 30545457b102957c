import { describe, expect, test } from 'vitest';
import { MODEL_FILES, type ModelSpec } from '../../../contracts/model.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { featureSetOf } from '../../../core/features/feature-row.ts';
import { writeLayersModel, type Network } from '../../../core/serving/layers-format.ts';
import { loadServingModel, parseModelFiles } from '../../../core/serving/serving-model.ts';

const FEATURES = featureSetOf('seed', FORMER_PLACE).features;

/** Builds a network that ignores its input and returns the same three heads, for computation by hand. */
const constant = (...heads: number[]): Network => ({
  members: [
    [
      {
        inputs: FEATURES.length,
        outputs: heads.length,
        activation: 'linear',
        kernel: new Float32Array(FEATURES.length * heads.length),
        bias: Float32Array.from(heads),
      },
    ],
  ],
});

const SPEC: ModelSpec = {
  schemaVersion: 1,
  featureSet: 'seed',
  features: FEATURES,
  scaling: { mean: FEATURES.map(() => 0), std: FEATURES.map(() => 1), clip: 5 },
  target: { mean: 1000, std: 500 },
  growth: { rate: Math.log(2) / 10, standardError: 0.001, origin: '2024-01-01' },
  heads: [0.05, 0.5, 0.95],
  imputation: { TMAX: 60, TMIN: 45, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 10, PRCP_yesterday: 0 },
  trainedOn: { system: 'nyc', from: '2024-01', to: '2024-12', hours: 8783, synthetic: false },
  backend: 'wasm',
  seeds: [42],
  golden: { input: { date: '2024-01-01', hour: 0, weather: {} }, prediction: 1500 },
};

function load(network: Network, changes: Partial<ModelSpec> = {}) {
  const { topology, weights } = writeLayersModel(network, MODEL_FILES.weights);
  return loadServingModel({ spec: { ...SPEC, ...changes }, topology: JSON.parse(topology), weights });
}

const hour = (date: string, at = 8) => ({ date, hour: at, weather: { TMAX: 50, TMIN: 40, SNOW: 0 } });

describe('predict', () => {
  test('undoes standardisation and applies growth since the origin', () => {
    // The prediction is (1 · 500 + 1000) · 2 after ten days, in which the system doubles.
    const [prediction] = load(constant(0, 1, 2)).predict([hour('2024-01-11')]);
    expect(prediction!.prediction).toBeCloseTo(3000, 6);
    expect(prediction!.lower).toBeCloseTo(2000, 6);
    expect(prediction!.upper).toBeCloseTo(4000, 6);
    expect(prediction!.imputed).toEqual([]);
  });

  test('moves the bounds by the calibration of the hour', () => {
    const factors = (at8: number) => Array.from({ length: 24 }, (_, h) => (h === 8 ? at8 : 1));
    const calibration = { below: factors(1.2), above: factors(1.5) };
    const model = load(constant(0, 1, 2), { calibration });
    const [at8, at9] = model.predict([hour('2024-01-01', 8), hour('2024-01-01', 9)]);
    // The bounds are 1500 − 1.2 · 500 and 1500 + 1.5 · 500.
    expect([at8!.lower, at8!.upper]).toEqual([900, 2250]);
    expect([at9!.lower, at9!.upper]).toEqual([1000, 2000]);
  });

  test('rejects a calibration of another kind', () => {
    const calibration = { lower: new Array(24).fill(0), upper: new Array(24).fill(0) } as never;
    expect(() => load(constant(0, 1, 2), { calibration })).toThrow(
      /expected 24 factors 'below' and 24 'above'/,
    );
  });

  test('is never negative, nor are its bounds', () => {
    const [prediction] = load(constant(-9, -5, -4)).predict([hour('2024-01-01')]);
    expect(prediction).toMatchObject({ prediction: 0, lower: 0, upper: 0 });
  });

  test('keeps the prediction inside crossed bounds', () => {
    const [prediction] = load(constant(2, 1, 0)).predict([hour('2024-01-01')]);
    expect(prediction).toMatchObject({ prediction: 1500, lower: 1495, upper: 1505 });
  });

  test('has no interval with neither quantile heads nor calibration', () => {
    const [prediction] = load(constant(1), { heads: ['mean'] }).predict([hour('2024-01-01')]);
    expect(prediction).toMatchObject({ prediction: 1500, lower: null, upper: null });
  });

  test('has an interval in proportion to the prediction if only a mean was calibrated', () => {
    const share = (value: number) => new Array<number>(24).fill(value);
    const calibration = { below: share(0.2), above: share(0.4) };
    const [prediction] = load(constant(1), { heads: ['mean'], calibration }).predict([hour('2024-01-01')]);
    expect(prediction).toMatchObject({ prediction: 1500, lower: 1200, upper: 2100 });
  });

  test('names the filled weather', () => {
    const [prediction] = load(constant(0, 1, 2)).predict([
      { date: '2024-01-01', hour: 8, weather: { TMAX: 50 } },
    ]);
    expect(prediction!.imputed).toEqual(['TMIN', 'SNOW']);
  });

  test('names a bad row by its index', () => {
    expect(() => load(constant(0, 1, 2)).predict([hour('2024-01-01'), hour('2024-13-01')])).toThrow(
      /row 1: date/,
    );
  });

  test('uses a rate of 0 without growth', () => {
    const [prediction] = load(constant(0, 1, 2))
      .withoutGrowth()
      .predict([hour('2024-01-11')]);
    expect(prediction!.prediction).toBe(1500);
  });

  test('equals predictFeatures on raw features', () => {
    const model = load(constant(0, 1, 2));
    const { prediction, lower, upper } = model.predict([hour('2024-01-11')])[0]!;
    const raw = new Float64Array(FEATURES.length);
    expect(model.predictFeatures(raw, { date: '2024-01-11', hour: 8 })).toEqual({ prediction, lower, upper });
  });
});

describe('parseModelFiles', () => {
  const text = new TextEncoder();
  const files = (changes: Partial<ModelSpec> = {}) => {
    const { topology, weights } = writeLayersModel(constant(0, 1, 2), MODEL_FILES.weights);
    return {
      [MODEL_FILES.spec]: text.encode(JSON.stringify({ ...SPEC, ...changes })),
      [MODEL_FILES.topology]: text.encode(topology),
      [MODEL_FILES.weights]: weights,
    };
  };

  test('loads a folder whose golden answer holds', () => {
    expect(parseModelFiles(files()).spec.seeds).toEqual([42]);
  });

  test.each([1500.02, 0, Number.NaN])(
    'rejects a golden answer of %d if the model gives 1500',
    (prediction) => {
      const golden = { input: SPEC.golden.input, prediction };
      expect(() => parseModelFiles(files({ golden }))).toThrow(
        /golden request of 2024-01-01 0:00 gave 1500, expected/,
      );
    },
  );

  test('names a missing file, and one that is not JSON', () => {
    const withoutWeights = Object.fromEntries(
      Object.entries(files()).filter(([name]) => name !== MODEL_FILES.weights),
    );
    expect(() => parseModelFiles(withoutWeights)).toThrow(/weights.bin is missing/);
    expect(() => parseModelFiles({ ...files(), [MODEL_FILES.spec]: text.encode('{') })).toThrow(
      /spec.json is not JSON/,
    );
  });

  test('rejects a feature that no formula computes, and names it', () => {
    const features = FEATURES.with(3, 'moon_phase');
    expect(() => parseModelFiles(files({ features }))).toThrow(
      expect.objectContaining({ code: 'BAD_MODEL', details: { feature: 'moon_phase' } }) as Error,
    );
  });

  test('loads a version that was trained on some of the features of its set', () => {
    // trips = 10 · TMIN: the network's only column is not the first of the set.
    const kernel = Float32Array.from([10]);
    const network: Network = {
      members: [[{ inputs: 1, outputs: 1, activation: 'linear', kernel, bias: Float32Array.from([0]) }]],
    };
    const model = load(network, {
      features: ['TMIN'],
      scaling: { mean: [0], std: [1], clip: 1e6 },
      target: { mean: 0, std: 1 },
      heads: ['mean'],
      imputation: { TMIN: 45 },
    });
    const [known, imputed] = model.predict([
      hour('2024-01-01'),
      { date: '2024-01-01', hour: 8, weather: {} },
    ]);
    expect(known).toMatchObject({ prediction: 400, imputed: [] });
    expect(imputed).toMatchObject({ prediction: 450, imputed: ['TMIN'] });
  });

  test('rejects a network with other heads than the spec has', () => {
    expect(() => parseModelFiles(files({ heads: ['mean'] }))).toThrow(/maps 12 features to 3 heads/);
  });
});
