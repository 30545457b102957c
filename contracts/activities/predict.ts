/** Defines the activities of the stage `predict`. */
import type { BatchPrediction, BatchPredictionInput } from '../workflows/batch-prediction.ts';

export interface PredictActivities {
  /** Writes the columns of a file followed by predictions. INVALID_INPUT names the invalid rows or columns. */
  batchPredict(input: BatchPredictionInput): Promise<BatchPrediction>;
}
