/**
 * Intercepts workflows. Converts errors of the catalogue to failures, records every run through a sink, and notifies the webhook
 * of failed runs. The console needs the records after Temporal deletes a history.
 */
import {
  ContinueAsNew,
  TemporalFailure,
  isCancellation,
  patched,
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { sourceProblems } from '../contracts/address-secrets.ts';
import { CitibikeError, framesOf, messageOf } from '../contracts/errors.ts';
import { assertNoProblems } from '../contracts/input-problems.ts';
import { MOST_MESSAGE_BYTES } from '../contracts/outgoing-text.ts';
import { boundedJson } from '../contracts/show-value.ts';
import { asFailure } from '../contracts/temporal-failure.ts';
import { notify } from './notify.ts';
import { rootMessage } from './root-message.ts';

export type RunStatus = 'completed' | 'continued' | 'failed' | 'cancelled';

export interface RunSinks extends Sinks {
  runs: {
    started(input: unknown, parentId: string | null): void;
    closed(status: RunStatus, result: unknown, failure: string | null): void;
  };
}

/** Limits the characters of a recorded input or result. Ten years of months need a tenth of it. */
const MOST_RECORDED = 32_000;

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      async execute(input, next) {
        const { runs } = proxySinks<RunSinks>();
        runs.started(recordable(input.args[0]), workflowInfo().parent?.workflowId ?? null);
        try {
          rejectSecretSources(input.args[0]);
          const result = await next(input);
          runs.closed('completed', recordable(result), null);
          return result;
        } catch (error) {
          if (error instanceof ContinueAsNew) {
            runs.closed('continued', null, null);
            throw error;
          }
          const failure = failureOf(error);
          const cancelled = isCancellation(error);
          runs.closed(cancelled ? 'cancelled' : 'failed', null, rootMessage(failure));
          if (!cancelled) await tellOfFailure(failure);
          throw failure;
        }
      },
      validateUpdate(input, next) {
        try {
          next(input);
        } catch (error) {
          throw failureOf(error);
        }
      },
    },
  ],
});

/**
 * Rejects secrets in source addresses, except in replays of workflows that started before this check existed.
 */
function rejectSecretSources(input: unknown): void {
  const problems = sourceProblems(input);
  if (problems.length > 0 && patched('sources-without-secrets'))
    assertNoProblems(`input of ${workflowInfo().workflowType} is`, problems);
}

function recordable(value: unknown): unknown {
  return boundedJson(value, MOST_RECORDED);
}

/**
 * Converts errors to failures. Any other error is a bug: it fails the workflow task, which Temporal retries,
 * and the workflow continues.
 */
function failureOf(error: unknown): unknown {
  if (error instanceof CitibikeError || error instanceof TemporalFailure) return asFailure(error, true);
  if (error instanceof Error && error.message.length > MOST_MESSAGE_BYTES) {
    error.message = messageOf(error);
    error.stack = framesOf(error);
  }
  return error;
}

/** Notifies the webhook of a failed run that people started. Failed children are not reported separately. */
async function tellOfFailure(failure: unknown): Promise<void> {
  const { parent, workflowType } = workflowInfo();
  if (parent || workflowType === 'notification' || !(failure instanceof TemporalFailure)) return;
  if (patched('tell-of-failed-runs')) {
    await notify('run-failed', { text: `${workflowType} failed: ${rootMessage(failure)}` });
  }
}
