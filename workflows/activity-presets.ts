/**
 * Defines presets of activity options, one per class of risk.
 *
 * Every activity heartbeats. The worker's interceptor does it for activities that send no heartbeats of their own, so a killed
 * worker costs a heartbeat timeout and not the whole startToCloseTimeout. The presets limit time and not attempts, because an
 * outage of S3 or Postgres for an hour must only cost an hour. The error catalogue says which errors are retried. The worker's
 * interceptor gives up other errors after a few attempts.
 */
import type { ActivityOptions } from '@temporalio/workflow';
import { TRAINING_TASK_QUEUE } from '../contracts/task-queues.ts';

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Suits activities that only read. The short limit soon drops a hung connection. */
export const readOnly: ActivityOptions = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry,
};

/**
 * Suits activities that ask a weather service. The limit is short, because the last forecast or climatology can replace an answer, and
 * the next run asks again. It outlasts an outage of ten minutes. The pauses are long, because an overloaded service rejects frequent
 * requests.
 */
export const weatherService: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '15 minutes',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '2 minutes' },
};

/** Suits the same calls where nobody should wait: the next run asks again in hours. */
export const weatherServiceOnce: ActivityOptions = { ...weatherService, retry: { maximumAttempts: 1 } };

/** Suits activities that write content-addressed artifacts or upsert rows. A second run has no further effect. */
export const idempotentWrite: ActivityOptions = {
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry,
};

/** Suits upserts that the next run repeats if they fail. The limit is short, because the rest of the run waits for them. */
export const repeatedByNextRun: ActivityOptions = {
  ...idempotentWrite,
  scheduleToCloseTimeout: '15 minutes',
};

/** Suits the tidying of a run that ends anyway. The limit is short, because people wait for a cancellation. */
export const whileEnding: ActivityOptions = { ...idempotentWrite, scheduleToCloseTimeout: '1 minute' };

/** Suits downloads and aggregations, which may take hours while they heartbeat. */
export const longWithHeartbeat: ActivityOptions = {
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '2 days',
  retry,
};

/** Suits activities that run a trainer process, on the training workers. */
export const onTrainingQueue: ActivityOptions = { ...longWithHeartbeat, taskQueue: TRAINING_TASK_QUEUE };

/** Suits activities that change what the service answers. The limit is short, so that a failure rolls back soon. */
export const outsideEffect: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '15 minutes',
  retry,
};
