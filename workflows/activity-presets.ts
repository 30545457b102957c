/**
 * Presets of activity options, one per class of risk.
 *
 * Every activity heartbeats: the worker's interceptor does it for activities that report nothing themselves. A killed worker
 * therefore costs a heartbeat timeout and not the whole startToCloseTimeout. The presets limit time and not attempts, because an
 * S3 or Postgres that is unavailable for an hour must cost an hour. Errors of the catalogue say whether a retry can help. The
 * worker's interceptor gives up other errors after a few attempts.
 */
import type { ActivityOptions } from '@temporalio/workflow';
import { TRAINING_TASK_QUEUE } from '../contracts/task-queues.ts';

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Reads and changes nothing. The short limit drops a hung connection soon. */
export const readOnly: ActivityOptions = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry,
};

/** Writes content-addressed artifacts or upserts rows: a second run has no further effect. */
export const idempotentWrite: ActivityOptions = {
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1 day',
  retry,
};

/** Downloads or aggregates for hours, as long as it heartbeats. */
export const longWithHeartbeat: ActivityOptions = {
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '2 days',
  retry,
};

/** Runs a trainer process on the training workers. */
export const onTrainingQueue: ActivityOptions = { ...longWithHeartbeat, taskQueue: TRAINING_TASK_QUEUE };

/** Changes what the service answers. The limit is short, so that a failure rolls back while people still know why. */
export const outsideEffect: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '15 minutes',
  retry,
};
