import { BatchPredictionInput, type BatchPrediction } from '../contracts/workflows/batch-prediction.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { batchPredict } from './activities.ts';
import { ProgressTracker } from './progress.ts';

/** Predictions for every row of a file, by the champion or a named version. */
export async function batchPrediction(raw: Partial<BatchPredictionInput> = {}): Promise<BatchPrediction> {
  const input = parseInput('batchPrediction', BatchPredictionInput, raw);
  return new ProgressTracker(['predict']).run('predict', () => batchPredict(input));
}
