/** Tests that the overview and the list of runs stay fast with 10,000 runs, with and without Temporal. */
import { randomUUID } from 'node:crypto';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectSources } from '../../console/api/connect-sources.ts';
import { Overview } from '../../console/api/overview.ts';
import { listRuns } from '../../console/api/run-list.ts';
import type { Sources } from '../../console/api/sources.ts';
import { RunIndex } from '../../console/api/upstreams/run-index.ts';
import { loadSettings, type Settings } from '../../settings.ts';

const RUNS = 10_000;
const A_PAGE = 500;
const MOST_MS = 1_000;
const PREFIX = 'many-runs-test-';
const RUN_IDS = Array.from({ length: RUNS }, () => randomUUID());
const TYPES = ['ingest', 'training', 'monitoring', 'forecast', 'lifecycle'];

const settings = loadSettings();
const owner = new pg.Client({ connectionString: settings.databaseOwnerUrl });
const closers: (() => Promise<void>)[] = [];

function sourcesOf(changed: Settings): Sources {
  const { sources, close } = connectSources(changed, { info: () => undefined, warn: () => undefined });
  closers.push(close);
  return sources;
}

const withTemporal = sourcesOf(settings);
const withoutTemporal = sourcesOf({
  ...settings,
  temporal: { ...settings.temporal, address: '127.0.0.1:1' },
});

beforeAll(async () => {
  await owner.connect();
  // Results have the size of a lifecycle's. Every third run failed, each at its fifth step.
  await owner.query(
    `INSERT INTO workflow_runs (workflow_id, run_id, type, status, input, result, failure, started_at, closed_at)
     SELECT $1 || i, 'run-' || i, ($3::text[])[1 + i % 5],
       CASE WHEN i % 3 = 0 THEN 'failed' ELSE 'completed' END, '{"system": "nyc"}',
       jsonb_build_object('version', i::text, 'text', repeat(md5(i::text), 60)),
       CASE WHEN i % 3 = 0 THEN 'step failed' END,
       now() - make_interval(secs => i * 60), now() - make_interval(secs => i * 60 - 30)
     FROM generate_series(1, $2::integer) AS i`,
    [PREFIX, RUNS, TYPES],
  );
  await owner.query(
    `INSERT INTO step_runs (workflow_id, run_id, activity_id, activity, attempt, status)
     SELECT $1 || i, 'run-' || i, step::text, 'step', 1, 'completed'
     FROM generate_series(1, $2::integer) AS i, generate_series(1, 5) AS step`,
    [PREFIX, RUNS],
  );
  await owner.query('ANALYZE workflow_runs, step_runs');
  // The first call finds out that Temporal does not answer.
  await withoutTemporal.upstreams.ask('temporal', () => withoutTemporal.runs.runs());
}, 120_000);

afterAll(async () => {
  for (const table of ['step_runs', 'workflow_runs'])
    await owner.query(`DELETE FROM ${table} WHERE workflow_id LIKE $1 || '%'`, [PREFIX]);
  await Promise.all(closers.map((close) => close()));
  await owner.end();
});

/** Yields 10,000 runs of which every third failed, as Temporal's list does. */
async function* manyRuns(): AsyncGenerator<readonly WorkflowExecutionInfo[]> {
  for (let first = 0; first < RUNS; first += A_PAGE) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield Array.from({ length: A_PAGE }, (_, i) => infoOf(first + i));
  }
}

function infoOf(i: number): WorkflowExecutionInfo {
  const startTime = new Date(Date.now() - i * 60_000);
  return {
    workflowId: `${PREFIX}${i}`,
    runId: RUN_IDS[i],
    type: TYPES[i % 5],
    status: { name: i % 3 === 0 ? 'FAILED' : 'COMPLETED' },
    startTime,
    closeTime: new Date(startTime.getTime() + 30_000),
    raw: {},
  } as unknown as WorkflowExecutionInfo;
}

async function medianMs(what: string, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  const median = times.sort((a, b) => a - b)[2]!;
  process.stdout.write(`${what} with ${RUNS} runs: ${Math.round(median)} ms\n`);
  return median;
}

it('builds the overview from the records within a second', async () => {
  const { attention, loop } = await new Overview(withoutTemporal).get();
  expect(loop?.find(({ stage }) => stage === 'train')?.state).not.toBe('never');
  expect(attention.length).toBeLessThanOrEqual(20);
  expect(await medianMs('overview from records', () => new Overview(withoutTemporal).get())).toBeLessThan(
    MOST_MS,
  );
});

it('builds the overview from Temporal within a second, also the first time', async () => {
  const fresh = () => new Overview({ ...withTemporal, runs: new RunIndex({ list: manyRuns }) });
  const first = await medianMs('first overview from Temporal', () => fresh().get());
  expect(first).toBeLessThan(MOST_MS);
  const overview = fresh();
  await expect.poll(async () => (await overview.get()).loop?.length).toBe(6);
  expect(await medianMs('overview from Temporal', () => overview.get())).toBeLessThan(MOST_MS);
});

it('lists a page of runs within a second, also for a text that fits few', async () => {
  expect((await listRuns(withoutTemporal, {}, 50, undefined)).items).toHaveLength(50);
  for (const filter of [{}, { q: `${PREFIX}9999` }, { system: 'nyc', model: '9998' }]) {
    const name = `list of runs ${JSON.stringify(filter)}`;
    const list = () => listRuns(withoutTemporal, filter, 50, undefined);
    expect(await medianMs(name, list)).toBeLessThan(MOST_MS);
  }
});
