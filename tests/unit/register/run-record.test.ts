import { describe, expect, it } from 'vitest';
import { logMetricsOnce } from '../../../activities/register/log-metrics-once.ts';
import {
  datasetsOf,
  epochMetrics,
  finalMetrics,
  summaryOf,
  type CandidateInput,
} from '../../../activities/register/run-record.ts';
import type { Metric } from '../../../adapters/mlflow/log-batches.ts';
import type { RegressionMetrics } from '../../../contracts/model.ts';

const metrics: RegressionMetrics = { rows: 2159, rmse: 716.2, mae: 427, r2: 0.932, bias: -20, mape: 18 };
const ref = { uri: 's3://b/k', sha256: 'a'.repeat(64), bytes: 1, rows: 10, schemaVersion: 1 };
const input: CandidateInput = {
  folder: ref,
  evaluation: { metrics, naive: { ...metrics, rmse: 1325 }, report: ref, cached: false },
  config: {
    system: 'nyc',
    featureSet: 'demand',
    seed: 42,
    span: { from: '2024-01', to: '2024-12' },
    synthetic: true,
  },
  test: { from: '2025-01', to: '2025-03' },
  trainFrame: ref,
  testFrame: ref,
  backend: 'wasm',
};

describe('what is logged of a training', () => {
  it('ties final metrics to model and test data, all at one time', () => {
    const { test } = datasetsOf(input);
    const logged = finalMetrics(input.evaluation, { modelId: 'm-1', dataset: test, at: 1000 });
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
  });

  it('gives each epoch its own step and time, the same at every attempt', () => {
    expect(epochMetrics({ loss: [3, 2] }, 1000)).toEqual([
      { key: 'loss', value: 3, timestamp: 1000, step: 1 },
      { key: 'loss', value: 2, timestamp: 1001, step: 2 },
    ]);
  });

  it('keeps digests within the 36 characters that MLflow takes', () => {
    expect(datasetsOf(input).train.digest.length).toBeLessThanOrEqual(36);
  });

  it('says in the description that data were synthetic', () => {
    expect(summaryOf(input)).toMatch(
      /^\*\*Synthetic data\.\*\* .*RMSE 716\.2, .*naive forecast has RMSE 1325\.0\.$/,
    );
  });

  it('logs after a killed attempt only what that one did not', async () => {
    const sent: Metric[] = [];
    const history = [{ key: 'loss', value: 3, timestamp: 1000, step: 1 }];
    const runs = {
      metricHistory: async () => history,
      logBatch: async (_run: string, batch: { metrics?: readonly Metric[] }) => {
        sent.push(...(batch.metrics ?? []));
      },
    };
    await logMetricsOnce(runs, { runId: 'r', metrics: { loss: 3 } }, epochMetrics({ loss: [3, 2] }, 1000));
    expect(sent.map(({ step }) => step)).toEqual([2]);
  });
});
