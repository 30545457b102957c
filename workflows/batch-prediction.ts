import { BatchPredictionInput, type BatchPrediction } from '../contracts/workflows/batch-prediction.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { batchPredict } from './activities.ts';
import { ProgressTracker } from './progress.ts';

/** Predicts every row of a file with the champion or a version by number. */
export async function batchPrediction(raw: Partial<BatchPredictionInput> = {}): Promise<BatchPrediction> {
  const input = parseInput('batchPrediction', BatchPredictionInput, raw);
  return new ProgressTracker(['predict']).run('predict', () => batchPredict(input));
}
