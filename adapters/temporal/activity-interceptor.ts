/** Runs every activity in the worker: converts errors of the catalogue to failures, sends heartbeats, records and logs steps. */
import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { messageOf } from '../../contracts/errors.ts';
import { asFailure } from '../../contracts/temporal-failure.ts';
import type { RunRecorder } from '../postgres/run-records.ts';
import { keepAliveMs } from './keep-alive.ts';
import type { StepLogs } from './step-logs.ts';

/** An error outside the catalogue is more often a bug than a passing fault, so it fails the activity after a few attempts. */
const ATTEMPTS_FOR_UNKNOWN_ERRORS = 5;

const ownHeartbeats = new WeakSet<Context>();

/**
 * Stops the empty heartbeats of an activity, whose own carry details that a retry resumes from or that people look at. An activity calls
 * this before it awaits anything.
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
