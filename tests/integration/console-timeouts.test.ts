/** Tests that the overview shows a query that timed out or failed as such, and never as an empty result. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { connectSources } from '../../console/api/connect-sources.ts';
import { Overview } from '../../console/api/overview.ts';
import type { Sources } from '../../console/api/sources.ts';
import { Records } from '../../console/api/upstreams/records.ts';
import { loadSettings, type Settings } from '../../settings.ts';

const settings = loadSettings();
const model = `timeouts-test-${randomBytes(4).toString('hex')}`;
const { registry } = new MlflowClient(settings.mlflow);
const owner = new pg.Client({ connectionString: settings.databaseOwnerUrl });
const impatient = new Database(settings.databaseUrl, { queryTimeoutMs: 1_000 });
const closers: (() => Promise<void>)[] = [];

function sourcesOf(changed: Settings): Sources {
  const { sources, close } = connectSources(changed, { info: () => undefined, warn: () => undefined });
  closers.push(close);
  return sources;
}

async function unknownOf(overview: Overview): Promise<Record<string, string>> {
  const { champion } = await overview.get();
  expect(champion).toMatchObject({ model, liveAccuracy: null, served: [] });
  return champion!.unknown;
}

beforeAll(async () => {
  await owner.connect();
  await registry.ensureModel(model, 'test');
  const { version } = await registry.createVersion({
    model,
    source: 's3://mlflow-artifacts/none',
    runId: '',
    modelId: '',
    description: 'test',
    tags: {},
  });
  await registry.setAlias(model, 'champion', version);
});

afterAll(async () => {
  await registry.deleteModel(model);
  await Promise.all(closers.map((close) => close()));
  await impatient.close();
  await owner.end();
});

const modelFor = async () => model;

it('says that the query for live accuracy timed out, until it succeeds', async () => {
  const overview = new Overview({ ...sourcesOf(settings), records: new Records(impatient), modelFor });
  await owner.query('BEGIN');
  try {
    // The view waits for this lock; no other query of the overview does.
    await owner.query('LOCK TABLE prediction_blocks IN ACCESS EXCLUSIVE MODE');
    const { liveAccuracy, ...others } = await unknownOf(overview);
    expect(liveAccuracy).toMatch(/^timed out after 0.4 s; /);
    expect(others).toEqual({});
    await expect
      .poll(async () => (await unknownOf(overview))['liveAccuracy'])
      .toBe('Postgres: the query timed out after 1 s');
  } finally {
    await owner.query('ROLLBACK');
  }
  await expect.poll(() => unknownOf(overview)).toEqual({});
});

it('does not show a silent server as an empty result', async () => {
  const away = { ...settings, databaseUrl: 'postgres://x@127.0.0.1:1/x' };
  const unknown = await unknownOf(new Overview({ ...sourcesOf(away), modelFor }));
  expect(Object.keys(unknown).sort()).toEqual(['checkedWeek', 'liveAccuracy', 'served', 'since']);
  for (const reason of Object.values(unknown)) expect(reason).toMatch(/^Postgres/);
});
