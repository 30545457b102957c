import type { WorkflowExecutionInfo } from '@temporalio/client';
import { expect, it } from 'vitest';
import { RunIndex } from '../../../console/api/upstreams/run-index.ts';

function info(i: number, name = 'COMPLETED', stage?: string): WorkflowExecutionInfo {
  const data = Buffer.from(JSON.stringify(stage ?? null));
  return {
    workflowId: `run-${i}`,
    runId: String(i),
    type: 'ingest',
    status: { name },
    startTime: new Date(1e12 - i * 1000),
    raw: { searchAttributes: { indexedFields: stage ? { CitibikeStage: { data } } : {} } },
  } as unknown as WorkflowExecutionInfo;
}

it('answers with the first page, and adds the others in the background', async () => {
  let more: () => void = () => undefined;
  const hold = new Promise<void>((resolve) => (more = resolve));
  const index = new RunIndex({
    async *list() {
      yield [info(0), info(1)];
      await hold;
      yield [info(2)];
    },
  });
  expect(await index.runs()).toHaveLength(2);
  more();
  await expect.poll(async () => (await index.runs()).length).toBe(3);
});

it('asks only for the newest changes after an action', async () => {
  const queries: string[] = [];
  const index = new RunIndex({
    async *list(query: string) {
      queries.push(query);
      yield [info(0)];
    },
  });
  await index.runs();
  index.expire();
  await index.runs();
  expect(queries).toHaveLength(2);
  expect(queries[1]).toMatch(/^ExecutionStatus = 'Running' OR CloseTime > '20/);
});

it('fails if the first page cannot be read, and tries again', async () => {
  let answers = false;
  const index = new RunIndex({
    async *list() {
      if (!answers) throw new Error('no answer');
      yield [info(0)];
    },
  });
  await expect(index.runs()).rejects.toThrow('no answer');
  answers = true;
  expect(await index.runs()).toHaveLength(1);
});

it('marks a run that failed before its first step as rejected', async () => {
  const index = new RunIndex({
    async *list() {
      yield [info(0, 'FAILED'), info(1, 'FAILED', 'train'), info(2)];
    },
  });
  expect((await index.runs()).map(({ rejected }) => rejected)).toEqual([true, undefined, undefined]);
});
