/** Runs every activity in the worker: converts errors of the catalogue to failures, sends heartbeats, records and logs steps. */
import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { messageOf } from '../../contracts/errors.ts';
import { asFailure } from '../../contracts/temporal-failure.ts';
import type { RunRecorder } from '../postgres/run-records.ts';
import { keepAliveMs } from './keep-alive.ts';
import type { StepLogs } from './step-logs.ts';

/** Errors outside the catalogue are mostly bugs, not transient faults, so they fail the activity after a few attempts. */
const ATTEMPTS_FOR_UNKNOWN_ERRORS = 5;

const ownHeartbeats = new WeakSet<Context>();

/**
 * Stops the automatic, empty heartbeats of an activity that sends its own, with details for retries or for people. An activity must
 * call this before its first `await`.
 */
export function declareOwnHeartbeats(context: Context): void {
  ownHeartbeats.add(context);
}

export function createActivityInterceptors(
  recorder: Pick<RunRecorder, 'stepStarted' | 'stepClosed'>,
  logs?: StepLogs,
): ActivityInterceptorsFactory {
  return (context: Context) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        const { info } = context;
        recorder.stepStarted(info);
        logs?.started(info, `worker ${process.pid}`);
        const keepAlive = setInterval(() => {
          if (!ownHeartbeats.has(context)) context.heartbeat();
        }, keepAliveMs(info));
        try {
          const result = await next(input);
          const cached = (result as { cached?: unknown } | undefined)?.cached === true;
          recorder.stepClosed(info, cached ? 'cached' : 'completed', null);
          logs?.ended(info, cached ? 'cached' : 'completed');
          return result;
        } catch (error) {
          recorder.stepClosed(info, 'failed', messageOf(error));
          logs?.ended(info, 'failed', error);
          throw asFailure(error, info.attempt >= ATTEMPTS_FOR_UNKNOWN_ERRORS);
        } finally {
          clearInterval(keepAlive);
        }
      },
    };
    return { inbound };
  };
}
