/** Creates the activities of the task queue `citibike`: all except those that run a trainer process. */
import { createBacktestActivities } from './train/backtest-activities.ts';
import { createDriftActivities } from './drift/index.ts';
import { createFetchActivities } from './fetch/index.ts';
import { createForecastActivities } from './forecast/index.ts';
import { createNotifyActivities } from './notify/index.ts';
import { createPredictActivities } from './predict/index.ts';
import { createPreprocessActivities } from './preprocess/index.ts';
import { createRecordTrials } from './register/record-trials.ts';
import { createRegisterActivities } from './register/index.ts';
import { createRetentionActivities } from './retention/index.ts';
import { createRolloutActivities } from './rollout/index.ts';
import { createScoreActivities } from './score/index.ts';
import { createSystemActivities } from './system/index.ts';
import { createCloseRung } from './train/plan-search.ts';
import { createEvaluateModel } from './train/evaluate-model.ts';
import type { ActivityDependencies } from './dependencies.ts';

export function createDataQueueActivities(deps: ActivityDependencies) {
  return {
    ...createFetchActivities(deps),
    ...createPreprocessActivities(deps),
    ...createForecastActivities(deps),
    ...createPredictActivities(deps),
    ...createRegisterActivities(deps),
    ...createRolloutActivities(deps),
    ...createDriftActivities(deps),
    ...createBacktestActivities(deps),
    ...createNotifyActivities(deps),
    ...createSystemActivities(deps),
    ...createRetentionActivities(deps),
    ...createScoreActivities(deps),
    evaluateModel: createEvaluateModel(deps),
    closeRung: createCloseRung(deps),
    recordTrials: createRecordTrials(deps),
  };
}
