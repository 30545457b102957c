import { MockActivityEnvironment } from '@temporalio/testing';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { expect, test, vi } from 'vitest';
import { whileHeartbeating } from '../../../activities/common/heartbeat.ts';
import { createActivityInterceptors } from '../../../adapters/temporal/activity-interceptor.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

/** Collects the records that would be written to Postgres. */
function recorder() {
  const notes: string[] = [];
  const asRecorder = {
    stepStarted: () => void notes.push('started'),
    stepClosed: (_: unknown, status: string, failure: string | null) =>
      void notes.push(failure ? `${status}: ${failure}` : status),
  };
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

test('an error of the catalogue becomes a failure of its type, with its retry rule', async () => {
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

test('an error outside the catalogue is retried a few times, then fails for good', async () => {
  const bug = async () => {
    throw new TypeError('x is not a function');
  };
  expect((await intercept(bug, 4)).outcome).toMatchObject({ type: 'TypeError', nonRetryable: false });
  expect((await intercept(bug, 5)).outcome).toMatchObject({ type: 'TypeError', nonRetryable: true });
});

test('a cached answer is recorded as cached', async () => {
  expect((await intercept(async () => ({ cached: true }))).notes).toEqual(['started', 'cached']);
  expect((await intercept(async () => ({ cached: false }))).notes).toEqual(['started', 'completed']);
});

test.each([
  [
    'reports no details gets empty heartbeats',
    (_: Context, work: () => Promise<unknown>) => work(),
    [undefined, undefined],
  ],
  [
    'declares its own heartbeats sends only those',
    (context: Context, work: () => Promise<unknown>) =>
      whileHeartbeating(context, () => ({ epoch: 3 }), work),
    [{ epoch: 3 }, { epoch: 3 }, { epoch: 3 }],
  ],
])('an activity that %s', async (_, body, expected) => {
  vi.useFakeTimers();
  const environment = new MockActivityEnvironment();
  const beats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => beats.push(details));
  await environment.run(async () => {
    const context = Context.current();
    const { inbound } = createActivityInterceptors(recorder().asRecorder)(context);
    const input: ActivityExecuteInput = { args: [], headers: {} };
    await inbound!.execute!(input, () => body(context, () => vi.advanceTimersByTimeAsync(9_000)));
  });
  vi.useRealTimers();
  expect(beats).toEqual(expected);
});

test('a silent activity heartbeats several times within its heartbeat timeout', async () => {
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 100 });
  let heartbeats = 0;
  environment.on('heartbeat', () => (heartbeats += 1));
  await environment.run(async () => {
    const { inbound } = createActivityInterceptors(recorder().asRecorder)(Context.current());
    const body = async () => {
      await expect.poll(() => heartbeats, { timeout: 3_500 }).toBeGreaterThan(3);
    };
    return inbound!.execute!({ args: [], headers: {} }, body);
  });
});
