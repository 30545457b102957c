/** The training stage: a model from a frame, and its worth on later months. */
import type { TrainActivities } from '../../contracts/activities/train.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createEvaluateModel } from './evaluate-model.ts';
import { createTrainModel } from './train-model.ts';

export function createTrainActivities(deps: ActivityDependencies): TrainActivities {
  return { trainModel: createTrainModel(deps), evaluateModel: createEvaluateModel(deps) };
}
