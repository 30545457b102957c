/** Activities of the stage `predict`. */
import type { BatchPrediction, BatchPredictionInput } from '../workflows/batch-prediction.ts';

export interface PredictActivities {
  /** Writes a file's columns with predictions behind them. INVALID_INPUT names the rows or columns that are wrong. */
  batchPredict(input: BatchPredictionInput): Promise<BatchPrediction>;
}
