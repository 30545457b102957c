/** Logs metrics once. MLflow appends metrics, so a retry logs only those that a killed attempt did not. */
import type { Metric } from '../../adapters/mlflow/log-batches.ts';
import type { Run, Runs } from '../../adapters/mlflow/runs.ts';

export async function logMetricsOnce(
  runs: Pick<Runs, 'logBatch' | 'metricHistory'>,
  run: Pick<Run, 'runId' | 'metrics'>,
  metrics: readonly Metric[],
): Promise<void> {
  const missing = await missingMetrics(runs, run, metrics);
  if (missing.length > 0) await runs.logBatch(run.runId, { metrics: missing });
}

/** Returns the metrics that the run lacks at their step. */
export async function missingMetrics(
  runs: Pick<Runs, 'metricHistory'>,
  run: Pick<Run, 'runId' | 'metrics'>,
  metrics: readonly Metric[],
): Promise<Metric[]> {
  const logged = new Set<string>();
  // Only keys that the run has need a query of their history, so the first attempt needs none.
  for (const key of new Set(metrics.map((metric) => metric.key))) {
    if (!(key in run.metrics)) continue;
    for (const { step } of await runs.metricHistory(run.runId, key)) logged.add(`${key}@${step}`);
  }
  return metrics.filter(({ key, step }) => !logged.has(`${key}@${step}`));
}
