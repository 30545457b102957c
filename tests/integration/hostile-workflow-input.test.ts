/**
 * Sends invalid inputs and signals, which the product itself never sends, to workflows on the stack's own
 * worker.
 */
import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { failureMessage } from '../../client/start.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { loadSettings } from '../../settings.ts';
import { TEMPORARY_FOLDERS } from '../fixtures/temporary-folders.ts';

let client: Client;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await connectClient(loadSettings().temporal);
  client = opened.client;
  close = () => opened.connection.close();
});
afterAll(() => close());

const failureOf = (handle: WorkflowHandle): Promise<string> =>
  handle.result().then(
    () => 'no failure',
    (error: unknown) => failureMessage(error),
  );

const optionsOf = (input: unknown) => ({
  taskQueue: TASK_QUEUE,
  workflowId: `test-hostile-${randomUUID()}`,
  args: [input],
});
const WRONG_FIELDS = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`z${i}`, i]));

describe('a workflow fails at once', () => {
  it.each<[string, unknown, RegExp]>([
    ['rollback', { model: '../../etc', ...WRONG_FIELDS }, /model: got "\.\.\/\.\.\/etc"/],
    ['ingest', { from: 5, ...WRONG_FIELDS }, /from: got 5/],
    ['training', null, /\(the whole input\)|train/],
    ['lifecycle', [], /\(the whole input\)|train/],
    ['deployment', { model: 'x'.repeat(1_500_000) }, /model: got "x{10}/],
    ['notification', null, /\(the whole input\)|type/],
    ['notification', { text: 'forged', type: 'x\r\ny', id: 'a' }, /type: got "x/],
  ])('%s with input %#', async (type, input, said) => {
    const handle = await client.workflow.start(type, optionsOf(input));
    const message = await failureOf(handle);
    expect(message).toMatch(said);
    expect(message.length).toBeLessThan(4_096);
    const { events = [] } = await handle.fetchHistory();
    const failed = events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure;
    expect(failed?.applicationFailureInfo).toMatchObject({ type: 'INVALID_INPUT', nonRetryable: true });
  });
});

it.each([[null], [5], [{ workflowId: 'x', stage: 'y'.repeat(100_000), percent: 'z' }]])(
  'an unknown signal stops no workflow: %#',
  async (signal) => {
    const source = { trips: `${TEMPORARY_FOLDERS}/nowhere-at-all` };
    const handle = await client.workflow.signalWithStart('ingest', {
      ...optionsOf({ system: 'nyc', from: '2024-01', to: '2024-01', source }),
      signal: 'childStage',
      signalArgs: [signal],
    });
    expect(await failureOf(handle)).toMatch(/nowhere-at-all does not exist/);
  },
);
