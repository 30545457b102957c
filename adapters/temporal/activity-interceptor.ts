/** Worker side of every activity: errors of the catalogue become failures, silence becomes heartbeats, steps are recorded and logged. */
import { Context, type Context as ActivityContext } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { messageOf } from '../../contracts/errors.ts';
import { asFailure } from '../../contracts/temporal-failure.ts';
import type { RunRecorder } from '../postgres/run-records.ts';
import { keepAliveMs } from './keep-alive.ts';
import type { StepLogs } from './step-logs.ts';

/** An error outside the catalogue is a mistake of ours more often than a passing fault: a few attempts, then it is shown. */
const ATTEMPTS_FOR_UNKNOWN_ERRORS = 5;

/** Activities whose heartbeats carry what a retry resumes from, or what people look at: an empty one would erase it. */
const OWN_HEARTBEATS: ReadonlySet<string> = new Set(['trainModel', 'runTrials', 'fetchFile']);

export function createActivityInterceptors(
  recorder: RunRecorder,
  logs?: StepLogs,
): ActivityInterceptorsFactory {
  return (context: ActivityContext) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        const { info } = context;
        recorder.stepStarted(info);
        logs?.started(info, `worker ${process.pid}`);
        const keepAlive = OWN_HEARTBEATS.has(info.activityType)
          ? undefined
          : setInterval(() => Context.current().heartbeat(), keepAliveMs(info));
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
