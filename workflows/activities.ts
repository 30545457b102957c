/**
 * Defines proxies of the activities. Workflows know activities only by type.
 */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BacktestActivities } from '../contracts/activities/backtest.ts';
import type { SearchActivities } from '../contracts/activities/search.ts';
import type { FetchActivities } from '../contracts/activities/fetch.ts';
import type { ForecastActivities } from '../contracts/activities/forecast.ts';
import type { NotifyActivities } from '../contracts/activities/notify.ts';
import type { PredictActivities } from '../contracts/activities/predict.ts';
import type { PreprocessActivities } from '../contracts/activities/preprocess.ts';
import type { RegisterActivities } from '../contracts/activities/register.ts';
import type { RolloutActivities } from '../contracts/activities/rollout.ts';
import type { TrainActivities } from '../contracts/activities/train.ts';
import type { DriftActivities } from '../contracts/activities/drift.ts';
import type { SystemActivities } from '../contracts/activities/system.ts';
import type { RetentionActivities } from '../contracts/activities/retention.ts';
import type { ScoreActivities } from '../contracts/activities/score.ts';
import {
  idempotentWrite,
  longWithHeartbeat,
  onTrainingQueue,
  outsideEffect,
  readOnly,
  repeatedByNextRun,
  weatherService,
  weatherServiceOnce,
  whileEnding,
} from './activity-presets.ts';

export const { listSource, fetchWeather } = proxyActivities<FetchActivities>(readOnly);
export const { fetchFile } = proxyActivities<FetchActivities>(longWithHeartbeat);
export const { preprocessMonth, readArchive } = proxyActivities<PreprocessActivities>(longWithHeartbeat);
export const { composeDataset, resolveDataset, buildFrame } =
  proxyActivities<PreprocessActivities>(idempotentWrite);
export const { trainModel } = proxyActivities<TrainActivities>(onTrainingQueue);
export const { planSearch, runTrials } = proxyActivities<SearchActivities>(onTrainingQueue);
export const { closeRung, recordTrials } = proxyActivities<SearchActivities>(idempotentWrite);
export const { scoreMonth, poolMonths } = proxyActivities<BacktestActivities>(idempotentWrite);
export const { evaluateModel } = proxyActivities<TrainActivities>(idempotentWrite);
export const { readAliases, resolveRollback, checkRollback } = proxyActivities<RegisterActivities>(readOnly);
export const {
  registerCandidate,
  compareWithChampion,
  // Recorded histories contain these types.
  declareHeir: declareRefit,
  checkHeir: checkRefit,
  archiveCandidate,
  resolveVersion,
} = proxyActivities<RegisterActivities>(idempotentWrite);
export const { endTrainingRuns } = proxyActivities<RegisterActivities>(whileEnding);
export const { isServed } = proxyActivities<RolloutActivities>(readOnly);
export const { pointChampion, restoreAliases } = proxyActivities<RegisterActivities>(outsideEffect);
export const {
  proveVersion,
  setDesiredVersion,
  restoreDesired,
  awaitServed,
  // Recorded histories contain these types.
  beginTrial: beginCanary,
  judgeTrial: judgeCanary,
  endTrial: endCanary,
} = proxyActivities<RolloutActivities>(outsideEffect);
export const { fetchForecast } = proxyActivities<ForecastActivities>(weatherService);
/** They ask once: a forecast does without the newest observations, and a person may not want to wait. */
export const { fetchForecast: fetchForecastOnce, fetchWeather: fetchObservations } = proxyActivities<
  ForecastActivities & FetchActivities
>(weatherServiceOnce);
export const { planForecast, issueForecast, forgetForecasts } =
  proxyActivities<ForecastActivities>(idempotentWrite);
export const { batchPredict } = proxyActivities<PredictActivities>(longWithHeartbeat);
export const { checkDrift, recordDrift, frameWithoutTrips, claimRetraining, closeRetraining } =
  proxyActivities<DriftActivities>(idempotentWrite);
export const { listForecastMonths, scoreForecasts } = proxyActivities<ScoreActivities>(repeatedByNextRun);
export const { planRetention, removePlanned } = proxyActivities<RetentionActivities>(longWithHeartbeat);

/** Answers from memory, so it needs no task of its own. */
export const { webhookIsSet } = proxyLocalActivities<NotifyActivities>({ startToCloseTimeout: '5s' });
/** Reads one small file, so it needs no task of its own. */
export const { resolveSystem } = proxyLocalActivities<SystemActivities>({ startToCloseTimeout: '5s' });
/** Retries for a day while the receiver is unavailable. Older events are not news. */
export const { postWebhook } = proxyActivities<NotifyActivities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});
