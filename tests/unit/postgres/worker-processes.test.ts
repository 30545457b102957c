import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WorkerPresence } from '../../../adapters/postgres/worker-processes.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

let statements: { verb: string; values: readonly unknown[] }[];
let warnings: string[];
let isDown: boolean;

const database = {
  query: async <T>(sql: string, values: readonly unknown[] = []): Promise<T[]> => {
    if (isDown) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'connection refused');
    statements.push({ verb: sql.slice(0, sql.indexOf(' ')), values });
    return [];
  },
};
const open = (hasWebhook: boolean) =>
  new WorkerPresence(database, { hasWebhook }, (message) => warnings.push(message));

beforeEach(() => {
  vi.useFakeTimers();
  [statements, warnings, isDown] = [[], [], false];
});
afterEach(() => void vi.useRealTimers());

it('writes one row under one id until it is closed, and removes it', async () => {
  const presence = open(true);
  await vi.advanceTimersByTimeAsync(11_000);
  await presence.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(statements.map(({ verb }) => verb)).toEqual(['WITH', 'WITH', 'WITH', 'DELETE']);
  const [first] = statements;
  expect(first!.values[1]).toBe(true);
  expect(new Set(statements.map(({ values }) => values[0])).size).toBe(1);
});

it('warns while Postgres is unavailable, and continues', async () => {
  isDown = true;
  const presence = open(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(warnings).toHaveLength(1);
  isDown = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(statements).toMatchObject([{ verb: 'WITH' }]);
  await presence.close();
});
