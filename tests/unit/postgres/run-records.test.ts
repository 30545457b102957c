import { expect, test, vi } from 'vitest';
import type { Database } from '../../../adapters/postgres/database.ts';
import { RunRecorder } from '../../../adapters/postgres/run-records.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const RUN = { workflowId: 'w', runId: 'r', workflowType: 'ingest' };

function database(query: (sql: string, values: readonly unknown[]) => Promise<unknown[]>): Database {
  return { query } as unknown as Database;
}

test('records that fail while Postgres is unavailable are written later, in order', async () => {
  vi.useFakeTimers();
  try {
    let away = true;
    const written: unknown[] = [];
    const recorder = new RunRecorder(
      database(async (sql, values) => {
        if (away) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'Postgres: connection refused');
        written.push(/INSERT INTO workflow_runs|UPDATE/.exec(sql)?.[0] && values[3]);
        return [];
      }),
      'worker',
      () => undefined,
    );
    recorder.runStarted(RUN, { n: 1 }, 'parent');
    recorder.runClosed(RUN, 'completed', { n: 2 }, null);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(written).toEqual([]);
    away = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(written).toEqual(['{"n":1}', 'completed']);
  } finally {
    vi.useRealTimers();
  }
});

test('a record that Postgres rejects is dropped with a warning and does not stop the others', async () => {
  const warnings: string[] = [];
  let calls = 0;
  const recorder = new RunRecorder(
    database(async () => {
      calls += 1;
      if (calls === 1) throw new CitibikeError('UPSTREAM_REFUSED', 'Postgres: value too long');
      return [];
    }),
    'worker',
    (message) => warnings.push(message),
  );
  recorder.runStarted(RUN, null, 'parent');
  recorder.runClosed(RUN, 'failed', null, 'why');
  await recorder.close();
  expect(calls).toBe(2);
  expect(warnings).toEqual(['run record not written: Postgres: value too long']);
});

test.each([
  ['a root run', RUN, null, true],
  ['a child', RUN, 'parent', false],
  ['a run of a schedule', { ...RUN, searchAttributes: { TemporalScheduledById: ['monthly'] } }, null, false],
  ['the rest of a run', { ...RUN, continuedFromExecutionRunId: 'r0' }, null, false],
])('checks if an action announced %s: %#', async (_, run, parent, isAsked) => {
  const statements: string[] = [];
  const recorder = new RunRecorder(
    database(async (sql) => {
      statements.push(sql);
      return [];
    }),
    'worker',
    () => undefined,
  );
  recorder.runStarted(run, null, parent);
  await recorder.close();
  expect(statements.some((sql) => sql.includes('console_audit'))).toBe(isAsked);
});

test('a record has neither a secret nor 1.5 MB of text', async () => {
  const written: string[] = [];
  const recorder = new RunRecorder(
    database(async (_, values) => {
      written.push(JSON.stringify(values));
      return [];
    }),
    'worker',
    () => undefined,
  );
  const secret = 'pl4nted-s3cret';
  const address = `https://alice:${secret}@host/`;
  recorder.runStarted(RUN, { source: { trips: address }, password: secret, name: 'a\u0000b' }, 'parent');
  recorder.runClosed(RUN, 'failed', null, `${address} ${'é'.repeat(1_500_000)}`);
  recorder.runStarted(
    RUN,
    { model: ['x'.repeat(1_500_000), 'x'.repeat(1_500_000)], list: Array(1_000_000).fill(1) },
    'parent',
  );
  recorder.runStarted(RUN, { train: { from: '2024-01', to: '2024-12' } }, 'parent');
  await recorder.close();
  expect(written.join('')).not.toContain(secret);
  // Postgres rejects NUL characters.
  expect(written[0]).toContain('a\\\\ufffdb');
  expect(written.every((text) => text.length < 4_096)).toBe(true);
  expect(written[3]).toContain(JSON.stringify(JSON.stringify({ train: { from: '2024-01', to: '2024-12' } })));
});
