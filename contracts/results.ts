/** Results that workflows hand on, small enough for a history. */
import type { RegressionMetrics } from './model.ts';

export interface TrainingResult {
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly metrics: RegressionMetrics;
  readonly naive: RegressionMetrics;
  readonly promoted: boolean;
  readonly reason: string;
}
