/**
 * Workflow interceptors: errors of the catalogue become failures of their type, and every run is recorded through a sink, because
 * a server that keeps histories for a month forgets what the console must still show.
 */
import {
  ApplicationFailure,
  isCancellation,
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { CitibikeError, messageOf } from '../contracts/errors.ts';

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
          runs.closed(isCancellation(error) ? 'cancelled' : 'failed', null, rootMessage(failure));
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

/** The innermost message: "Activity task failed" tells nobody anything. */
function rootMessage(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return messageOf(cause);
}
