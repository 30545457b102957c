/** Builds models small enough for computation by hand: trips = 10 · TMAX + base, with an interval of 100 below and 200 above. */
import type { ModelSpec } from '../../../contracts/model.ts';
import { BASIC_FEATURES } from '../../../core/features/basic-features.ts';
import { writeLayersModel } from '../../../core/serving/layers-format.ts';
import type { ModelFiles } from '../../../inference/loaded-model.ts';

export interface TinyModel {
  readonly base: number;
  /** Golden answer for TMAX 40; with a wrong one the version cannot be proven. */
  readonly goldenAnswer?: number;
  readonly withInterval?: boolean;
  readonly synthetic?: boolean;
}

export function tinyModelFiles({
  base,
  goldenAnswer,
  withInterval = true,
  synthetic = false,
}: TinyModel): ModelFiles {
  const heads: ModelSpec['heads'] = withInterval ? [0.05, 0.5, 0.95] : ['mean'];
  const offsets = withInterval ? [-100, 0, 200] : [0];
  const kernel = new Float32Array(BASIC_FEATURES.length * heads.length);
  kernel.fill(
    10,
    BASIC_FEATURES.indexOf('TMAX') * heads.length,
    (BASIC_FEATURES.indexOf('TMAX') + 1) * heads.length,
  );
  const { topology, weights } = writeLayersModel(
    {
      members: [
        [
          {
            inputs: BASIC_FEATURES.length,
            outputs: heads.length,
            activation: 'linear',
            kernel,
            bias: Float32Array.from(offsets, (offset) => base + offset),
          },
        ],
      ],
    },
    'weights.bin',
  );
  const spec: ModelSpec = {
    schemaVersion: 1,
    featureSet: 'seed',
    features: [...BASIC_FEATURES],
    scaling: { mean: BASIC_FEATURES.map(() => 0), std: BASIC_FEATURES.map(() => 1), clip: 1e6 },
    target: { mean: 0, std: 1 },
    growth: { rate: 0, standardError: 0, origin: '2024-01-01' },
    heads: [...heads],
    imputation: { TMAX: 60, TMIN: 50, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 10, PRCP_yesterday: 0 },
    trainedOn: { system: 'nyc', from: '2024-01', to: '2024-12', hours: 8783, synthetic },
    backend: 'wasm',
    seeds: [1],
    golden: {
      input: { date: '2024-01-15', hour: 8, weather: { TMAX: 40, TMIN: 30, SNOW: 0 } },
      prediction: goldenAnswer ?? 400 + base,
    },
  };
  return {
    'model.json': Buffer.from(topology),
    'weights.bin': weights,
    'spec.json': Buffer.from(JSON.stringify(spec)),
  };
}
