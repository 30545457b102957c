/** The batch side of prediction: files in, files out. */
import { Context } from '@temporalio/activity';
import type { PredictActivities } from '../../contracts/stages.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { batchPredict } from './batch-predict.ts';

export function createPredictActivities(deps: ActivityDependencies): PredictActivities {
  return {
    batchPredict: (input) =>
      batchPredict(
        { mlflow: deps.mlflow, objects: () => deps.artifacts.objects },
        { ...input, model: input.model ?? deps.modelName },
        Context.current().cancellationSignal,
      ),
  };
}
