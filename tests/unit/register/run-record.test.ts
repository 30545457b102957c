import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { hyperParameterParams } from '../../../activities/register/hyper-parameter-params.ts';
import { logMetricsOnce } from '../../../activities/register/log-metrics-once.ts';
import {
  datasetsOf,
  epochMetrics,
  finalMetrics,
  growthMetrics,
  summaryOf,
  type CandidateInput,
} from '../../../activities/register/run-record.ts';
import type { Metric } from '../../../adapters/mlflow/log-batches.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { RegressionMetrics } from '../../../contracts/model.ts';

const metrics: RegressionMetrics = { rows: 2159, rmse: 716.2, mae: 427, r2: 0.932, bias: -20, mape: 18 };
const ref = { uri: 's3://b/k', sha256: 'a'.repeat(64), bytes: 1, rows: 10, schemaVersion: 1 };
const input: CandidateInput = {
  folder: ref,
  evaluation: { metrics, naive: { ...metrics, rmse: 1325 }, report: ref, cached: false },
  config: {
    system: 'nyc',
    featureSet: 'demand',
    hyperParameters: Value.Create(HyperParameters),
    seed: 42,
    span: { from: '2024-01', to: '2024-12' },
    synthetic: true,
  },
  test: { from: '2025-01', to: '2025-03' },
  trainFrame: ref,
  testFrame: ref,
  backend: 'wasm',
};

describe('the log of a training', () => {
  it('links final metrics to model and test data, all with one time', () => {
    const tie = { modelId: 'm-1', ...datasetsOf(input), at: 1000 };
    const evaluation = { ...input.evaluation, randomSplit: { ...metrics, rmse: 500 } };
    const logged = finalMetrics(evaluation, tie);
    expect(logged.find(({ key }) => key === 'test_rmse')).toEqual({
      key: 'test_rmse',
      value: 716.2,
      timestamp: 1000,
      step: 0,
      model_id: 'm-1',
      dataset_name: 'nyc-2025-01-2025-03',
      dataset_digest: 'a'.repeat(32),
    });
    expect(logged.find(({ key }) => key === 'naive_rmse')?.value).toBe(1325);
    // The data set has the hours of the training span.
    expect(logged.find(({ key }) => key === 'random_split_rmse')).toMatchObject({
      value: 500,
      dataset_name: 'nyc-2024-01-2024-12',
    });
  });

  it('names every hyper-parameter in the spelling of MLflow', () => {
    expect(Object.keys(hyperParameterParams(input.config.hyperParameters)).sort()).toEqual(
      [
        ...['batch', 'calibration', 'epochs', 'growth', 'hidden', 'learning_rate', 'loss', 'networks'],
        'weight_decay',
      ].sort(),
    );
  });

  it('names growth as a share per year', () => {
    const growth = { rate: Math.log(1.1) / 365.25, standardError: 0, origin: '2024-01-01' };
    const logged = growthMetrics({ growth }, 1000);
    expect(logged[0]).toMatchObject({ key: 'growth_yearly', timestamp: 1000, step: 0 });
    expect(logged[0]!.value).toBeCloseTo(0.1, 12);
  });

  it('gives each epoch its own step and time, the same at every attempt', () => {
    expect(epochMetrics({ loss: [3, 2] }, [], 1000)).toEqual([
      { key: 'loss', value: 3, timestamp: 1000, step: 1 },
      { key: 'loss', value: 2, timestamp: 1001, step: 2 },
    ]);
  });

  it('gives an epoch its true time where the training noted it', () => {
    const times = epochMetrics({ loss: [3, 2, 1] }, [null, 500, 700], 1000).map(({ timestamp }) => timestamp);
    expect(times).toEqual([1000, 500, 700]);
  });

  it('keeps digests within the 36 characters that MLflow accepts', () => {
    expect(datasetsOf(input).train.digest.length).toBeLessThanOrEqual(36);
  });

  it('says in the description that data were synthetic', () => {
    expect(summaryOf(input)).toMatch(
      /^\*\*Synthetic data\.\*\* .*RMSE 716\.2, .*naive forecast has RMSE 1325\.0\.$/,
    );
  });

  it('logs after a killed attempt only the missing values', async () => {
    const sent: Metric[] = [];
    const history = [{ key: 'loss', value: 3, timestamp: 1000, step: 1 }];
    const runs = {
      metricHistory: async () => history,
      logBatch: async (_run: string, batch: { metrics?: readonly Metric[] }) => {
        sent.push(...(batch.metrics ?? []));
      },
    };
    await logMetricsOnce(
      runs,
      { runId: 'r', metrics: { loss: 3 } },
      epochMetrics({ loss: [3, 2] }, [], 1000),
    );
    expect(sent.map(({ step }) => step)).toEqual([2]);
  });
});
