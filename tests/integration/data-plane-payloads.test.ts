/** Tests that an ingest of many months passes only references and small facts through Temporal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { writeSample } from '../../client/write-sample.ts';
import { IngestInput } from '../../contracts/workflows/ingest.ts';
import { parseInput } from '../../contracts/parse-input.ts';
import type { IngestResult } from '../../contracts/workflows/ingest.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { loadSettings } from '../../settings.ts';

const MOST_BYTES = 10_000;
const [FROM, TO] = ['2022-11', '2024-10'];

let client: Client;
let connection: Connection;
let dir: string;

beforeAll(async () => {
  ({ client, connection } = await connectClient(loadSettings().temporal));
  dir = mkdtempSync(path.join(tmpdir(), 'payloads-'));
  await writeSample({
    out: path.join(dir, 'sample'),
    system: 'jc',
    from: FROM,
    to: TO,
    ridesPerMonth: 2_000,
  });
});

afterAll(async () => {
  await connection?.close();
  rmSync(dir, { recursive: true, force: true });
});

test('every payload of an ingest of 24 months is below 10 kB', async () => {
  const handle = await client.workflow.start('ingest', {
    taskQueue: TASK_QUEUE,
    workflowId: `payloads-${Date.now()}`,
    args: [
      parseInput('ingest', IngestInput, {
        system: 'jc',
        from: FROM,
        to: TO,
        source: { trips: pathToFileURL(path.join(dir, 'sample')).href },
      }),
    ],
  });
  expect(((await handle.result()) as IngestResult).months).toBe(24);
  const { events } = await handle.fetchHistory();
  const sizes = payloadSizes(events);
  // 24 months have three activities each with an input and an answer, so this proves that the walk found them.
  expect(sizes.length).toBeGreaterThan(24 * 3 * 2);
  expect(Math.max(...sizes)).toBeLessThan(MOST_BYTES);
});

/** Returns the bytes of every payload in a history, at any depth of an event. */
function payloadSizes(value: unknown): number[] {
  if (value === null || typeof value !== 'object') return [];
  const { data, metadata } = value as { data?: unknown; metadata?: unknown };
  if (data instanceof Uint8Array && metadata) return [data.byteLength];
  if (value instanceof Uint8Array) return [];
  return Object.values(value).flatMap(payloadSizes);
}
