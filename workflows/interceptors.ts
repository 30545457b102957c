/**
 * Workflow interceptors: errors of the catalogue become failures of their type, every run is recorded through a sink, because a
 * server that keeps histories for a month forgets what the console must still show, and the webhook hears of runs that failed.
 */
import {
  ApplicationFailure,
  TemporalFailure,
  isCancellation,
  patched,
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { CitibikeError } from '../contracts/errors.ts';
import { notify } from './notify.ts';
import { rootMessage } from './root-message.ts';

export type RunStatus = 'completed' | 'failed' | 'cancelled';

export interface RunSinks extends Sinks {
  runs: {
    started(input: unknown, parentId: string | null): void;
    closed(status: RunStatus, result: unknown, failure: string | null): void;
  };
}

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        const { runs } = proxySinks<RunSinks>();
        runs.started(input.args[0] ?? null, workflowInfo().parent?.workflowId ?? null);
        try {
          const result = await next(input);
          runs.closed('completed', result ?? null, null);
          return result;
        } catch (error) {
          const failure = asFailure(error);
          const cancelled = isCancellation(error);
          runs.closed(cancelled ? 'cancelled' : 'failed', null, rootMessage(failure));
          if (!cancelled) await tellOfFailure(failure);
          throw failure;
        }
      },
    },
  ],
});

function asFailure(error: unknown): unknown {
  if (!(error instanceof CitibikeError)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: !error.retryable,
    details: [error.details],
  });
}

/** Of the run that people started, and not of each of its children too. */
async function tellOfFailure(failure: unknown): Promise<void> {
  const { parent, workflowType } = workflowInfo();
  // What is no failure of Temporal's is a mistake of ours: the task fails and is tried again, the run goes on.
  if (parent || workflowType === 'notification' || !(failure instanceof TemporalFailure)) return;
  if (patched('tell-of-failed-runs')) {
    await notify('run-failed', { text: `${workflowType} failed: ${rootMessage(failure)}` });
  }
}
