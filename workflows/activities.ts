/**
 * Activity proxies, one preset a class of risk. Activities are known here by their types alone.
 *
 * Every activity heartbeats (the worker's interceptor does it for those that have nothing to say), so a killed worker costs a
 * heartbeat timeout and not the whole of startToCloseTimeout. Attempts are not counted: an S3 or Postgres that is away for an
 * hour costs an hour. What a retry cannot mend is non-retryable by its error code; an error outside the catalogue is given up
 * after a few attempts by the worker's interceptor.
 */
import { proxyActivities, proxyLocalActivities, type ActivityOptions } from '@temporalio/workflow';
import type { BacktestActivities } from '../contracts/activities/backtest.ts';
import type { SearchActivities } from '../contracts/activities/search.ts';
import type { FetchActivities } from '../contracts/activities/fetch.ts';
import type { NotifyActivities } from '../contracts/activities/notify.ts';
import type { PredictActivities } from '../contracts/activities/predict.ts';
import type { PreprocessActivities } from '../contracts/activities/preprocess.ts';
import type { RegisterActivities } from '../contracts/activities/register.ts';
import type { RolloutActivities } from '../contracts/activities/rollout.ts';
import type { TrainActivities } from '../contracts/activities/train.ts';
import type { DriftActivities } from '../contracts/activities/drift.ts';
import { TRAINING_TASK_QUEUE } from '../contracts/task-queues.ts';

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Looks, changes nothing: short, so that a hung connection is dropped soon. */
const readOnly: ActivityOptions = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry,
};

/** Content-addressed or upserted effects: running twice is running once. */
const idempotentWrite: ActivityOptions = {
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry,
};

/** Downloads, aggregation and training: as long as they take, as long as they say so. */
const longWithHeartbeat: ActivityOptions = {
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '2 days',
  retry,
};

/** Moves what people are being served: bounded soon, so that a failure rolls back while someone still remembers why. */
const outsideEffect: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '15 minutes',
  retry,
};

export const { listSource, fetchWeather } = proxyActivities<FetchActivities>(readOnly);
export const { fetchFile } = proxyActivities<FetchActivities>(longWithHeartbeat);
export const { preprocessMonth, readArchive } = proxyActivities<PreprocessActivities>(longWithHeartbeat);
export const { composeDataset, resolveDataset, buildFrame } =
  proxyActivities<PreprocessActivities>(idempotentWrite);
export const { trainModel } = proxyActivities<TrainActivities>({
  ...longWithHeartbeat,
  taskQueue: TRAINING_TASK_QUEUE,
});
export const { planSearch, runTrials } = proxyActivities<SearchActivities>({
  ...longWithHeartbeat,
  taskQueue: TRAINING_TASK_QUEUE,
});
export const { closeRung, recordTrials } = proxyActivities<SearchActivities>(idempotentWrite);
export const { scoreMonth, poolMonths } = proxyActivities<BacktestActivities>(idempotentWrite);
export const { evaluateModel } = proxyActivities<TrainActivities>(idempotentWrite);
export const { readAliases, resolveRollback, checkRollback } = proxyActivities<RegisterActivities>(readOnly);
export const {
  registerCandidate,
  compareWithChampion,
  declareHeir,
  checkHeir,
  archiveCandidate,
  resolveVersion,
} = proxyActivities<RegisterActivities>(idempotentWrite);
export const { pointChampion, restoreAliases } = proxyActivities<RegisterActivities>(outsideEffect);
export const {
  proveVersion,
  setDesiredVersion,
  restoreDesired,
  awaitServed,
  // Running histories know the activities by these names.
  beginTrial: beginCanary,
  judgeTrial: judgeCanary,
  endTrial: endCanary,
} = proxyActivities<RolloutActivities>(outsideEffect);
export const { batchPredict } = proxyActivities<PredictActivities>(longWithHeartbeat);
export const { checkDrift, recordDrift, frameWithoutTrips, claimRetraining, closeRetraining } =
  proxyActivities<DriftActivities>(idempotentWrite);

/** Answers from memory: not worth a task of its own. */
export const { webhookIsSet } = proxyLocalActivities<NotifyActivities>({ startToCloseTimeout: '5s' });
/** A receiver may be away for a day; by then the news is old. */
export const { postWebhook } = proxyActivities<NotifyActivities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});
