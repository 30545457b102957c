import { MockActivityEnvironment } from '@temporalio/testing';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createActivityInterceptors } from '../../../adapters/temporal/activity-interceptor.ts';
import type { RunRecorder } from '../../../adapters/postgres/run-records.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

/** Notes what would be written to Postgres. */
function recorder(): { notes: string[]; asRecorder: RunRecorder } {
  const notes: string[] = [];
  const asRecorder = {
    stepStarted: () => notes.push('started'),
    stepClosed: (_: unknown, status: string, failure: string | null) =>
      notes.push(failure ? `${status}: ${failure}` : status),
  } as unknown as RunRecorder;
  return { notes, asRecorder };
}

async function intercept(
  body: () => Promise<unknown>,
  attempt = 1,
): Promise<{ notes: string[]; outcome: unknown }> {
  const { notes, asRecorder } = recorder();
  const environment = new MockActivityEnvironment({ attempt });
  const outcome = await environment
    .run(async () => {
      const { inbound } = createActivityInterceptors(asRecorder)(Context.current());
      const input: ActivityExecuteInput = { args: [], headers: {} };
      return inbound!.execute!(input, body);
    })
    .catch((error: unknown) => error);
  return { notes, outcome };
}

test('an error of the catalogue becomes a failure of its type that says whether to retry', async () => {
  const refused = await intercept(async () => {
    throw new CitibikeError('BAD_ARCHIVE', 'a.zip is an HTML page', { file: 'a.zip' });
  });
  expect(refused.outcome).toBeInstanceOf(ApplicationFailure);
  expect(refused.outcome).toMatchObject({
    type: 'BAD_ARCHIVE',
    message: 'a.zip is an HTML page',
    nonRetryable: true,
    details: [{ file: 'a.zip' }],
  });
  expect(refused.notes).toEqual(['started', 'failed: a.zip is an HTML page']);

  const away = await intercept(async () => {
    throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'Postgres: connection refused');
  });
  expect(away.outcome).toMatchObject({ type: 'UPSTREAM_UNAVAILABLE', nonRetryable: false });
});

test('an error outside the catalogue is retried a few times, then given up', async () => {
  const bug = async () => {
    throw new TypeError('x is not a function');
  };
  expect((await intercept(bug, 4)).outcome).toMatchObject({ type: 'TypeError', nonRetryable: false });
  expect((await intercept(bug, 5)).outcome).toMatchObject({ type: 'TypeError', nonRetryable: true });
});

test('an answer that was found is recorded as cached', async () => {
  expect((await intercept(async () => ({ cached: true }))).notes).toEqual(['started', 'cached']);
  expect((await intercept(async () => ({ cached: false }))).notes).toEqual(['started', 'completed']);
});
