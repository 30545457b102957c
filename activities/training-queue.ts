/** Creates the activities of the task queue `citibike-training`, which run a trainer process or read its backend. */
import type { ActivityDependencies } from './dependencies.ts';
import { createPlanSearch } from './train/plan-search.ts';
import { createRunTrials } from './train/run-trials.ts';
import { createLoadRows } from './train/search-files.ts';
import { createTrainModel } from './train/train-model.ts';

export function createTrainingQueueActivities(deps: ActivityDependencies) {
  const loadRows = createLoadRows(deps);
  return {
    trainModel: createTrainModel(deps),
    planSearch: createPlanSearch(deps, loadRows),
    runTrials: createRunTrials(deps, loadRows),
  };
}
