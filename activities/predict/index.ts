/** Creates the activities of the stage `predict`. */
import { Context } from '@temporalio/activity';
import type { PredictActivities } from '../../contracts/activities/predict.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { allowedFiles } from './batch-files.ts';
import { batchPredict } from './batch-predict.ts';

export function createPredictActivities(deps: ActivityDependencies): PredictActivities {
  return {
    batchPredict: (input) =>
      batchPredict(
        { mlflow: deps.mlflow, files: allowedFiles(deps) },
        { ...input, model: input.model ?? deps.modelName },
        Context.current().cancellationSignal,
      ),
  };
}
