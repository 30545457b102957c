import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { liveProcesses, setDesired, preloadVersion } from '../../adapters/postgres/serving.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import { tinyModelFiles, type TinyModel } from '../unit/inference/tiny-model.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const settings = loadSettings();
const database = new Database(settings.databaseUrl);
const mlflow = new MlflowClient(settings.mlflow);
const model = `inference-test-${randomBytes(4).toString('hex')}`;
const stateDir = mkdtempSync(path.join(tmpdir(), 'citibike-inference-'));
const trip = { date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 };
/** Address at which no server listens. */
const NOWHERE = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
};

let experimentId: string;
let port: number;
let service: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}

async function registerVersion(tiny: TinyModel): Promise<string> {
  const run = await mlflow.runs.create({ experimentId, name: 'tiny', startedAt: Date.now(), tags: {} });
  const logged = await mlflow.loggedModels.create({
    experimentId,
    name: 'tiny',
    runId: run.runId,
    tags: {},
    params: {},
  });
  for (const [name, bytes] of Object.entries(tinyModelFiles(tiny))) {
    await mlflow.artifacts.put(logged.artifactUri, name, bytes);
  }
  await mlflow.loggedModels.finalize(logged.modelId);
  const { version } = await mlflow.registry.createVersion({
    model,
    source: `models:/${logged.modelId}`,
    runId: run.runId,
    modelId: logged.modelId,
    description: '',
    tags: {},
  });
  return version;
}

async function start(env: Record<string, string> = {}): Promise<void> {
  service = spawn(process.execPath, [path.join(PROJECT_DIR, 'inference', 'server.ts')], {
    env: {
      ...process.env,
      MODEL_NAME: model,
      INFERENCE_PORT: String(port),
      INFERENCE_STATE_DIR: stateDir,
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await expect.poll(() => get('/livez').catch(() => undefined)).toBeDefined();
}

async function stop(): Promise<number | null> {
  const leaving = service!;
  service = undefined;
  const exited = once(leaving, 'exit');
  leaving.kill('SIGTERM');
  return ((await exited) as [number | null])[0];
}

async function get(route: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`http://127.0.0.1:${port}${route}`)).json()) as Record<string, unknown>;
}

async function predict(): Promise<{ status: number; version: string; prediction: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/predict_trip`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input_data: [trip] }),
  });
  const { predictions } = (await response.json()) as {
    predictions?: { version: string; prediction: number }[];
  };
  const { version = '', prediction = 0 } = predictions?.[0] ?? {};
  return { status: response.status, version, prediction };
}

beforeAll(async () => {
  port = await freePort();
  experimentId = await mlflow.experiments.ensure(model);
  await mlflow.registry.ensureModel(model, 'made by a test');
  // Versions 1 and 2 answer 10 · TMAX + 1 and + 2. The third declares another golden answer than it gives.
  for (const tiny of [{ base: 1 }, { base: 2 }, { base: 3, goldenAnswer: 9 }]) await registerVersion(tiny);
});

afterAll(async () => {
  service?.kill('SIGKILL');
  await queryAsOwner('DELETE FROM serving_generation WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM serving_process WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM prediction_blocks WHERE model = $1', [model]);
  await mlflow.registry.deleteModel(model);
  await mlflow.experiments.delete(experimentId);
  await database.close();
  rmSync(stateDir, { recursive: true, force: true });
});

it('starts without a version, reports that, and serves the first desired one', async () => {
  await start();
  expect((await predict()).status).toBe(503);
  await setDesired(database, model, '1', 'test');
  await expect.poll(predict).toEqual({ status: 200, version: '1', prediction: 401 });
  expect(await get('/readyz')).toMatchObject({
    model,
    version: '1',
    generation: 1,
    source: 'registry',
    stale: false,
  });
});

it('proves a preloaded version beside the served one, and reports one that it cannot prove', async () => {
  await preloadVersion(database, model, '2');
  await expect
    .poll(() => liveProcesses(database, model))
    .toEqual([expect.objectContaining({ servedVersion: '1', provenVersion: '2', failedVersion: null })]);
  await preloadVersion(database, model, '3');
  await expect
    .poll(() => liveProcesses(database, model))
    .toEqual([
      expect.objectContaining({
        servedVersion: '1',
        failedVersion: '3',
        failure: expect.stringContaining('expected 9') as string,
      }),
    ]);
  await preloadVersion(database, model, null);
});

it('swaps under load without a wrong or dropped answer', async () => {
  let done = false;
  const answers: Awaited<ReturnType<typeof predict>>[] = [];
  const callers = Array.from({ length: 4 }, async () => {
    while (!done) answers.push(await predict());
  });
  await setDesired(database, model, '2', 'test');
  await expect
    .poll(() => liveProcesses(database, model))
    .toEqual([expect.objectContaining({ servedVersion: '2', generation: 2 })]);
  done = true;
  await Promise.all(callers);
  const kinds = new Set(
    answers.map(({ status, version, prediction }) => `${status} ${version} ${prediction}`),
  );
  expect([...kinds].sort()).toEqual(['200 1 401', '200 2 402']);
});

it('logs predictions with the predicted hour', async () => {
  const logged = () =>
    database.query(
      'SELECT target_hour, features, version FROM prediction_log WHERE model = $1 AND prediction = 402 LIMIT 1',
      [model],
    );
  await expect.poll(logged).toEqual([{ target_hour: '2025-01-15 08:00:00', features: trip, version: '2' }]);
});

it('drains at SIGTERM: exits with 0, removes its row, and logs every answer', async () => {
  const requests = await get('/healthz');
  expect(requests).toMatchObject({ upstreams: { postgres: { state: 'up' }, mlflow: { state: 'up' } } });
  const countLogged = async () =>
    Number(
      (
        await database.query<{ count: number }>('SELECT count(*) FROM prediction_log WHERE model = $1', [
          model,
        ])
      )[0]!.count,
    );
  await expect.poll(async () => (await countLogged()) > 0).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = await countLogged();
  await predict();
  expect(await stop()).toBe(0);
  expect(await countLogged()).toBe(before + 1);
  expect(await liveProcesses(database, model)).toEqual([]);
});

it('continues to predict while Postgres and MLflow (and its S3) are unavailable, and follows again later', async () => {
  const behind = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  const [toPostgres, toMlflow] = [behind(settings.databaseUrl), behind(settings.mlflow.trackingUri)];
  const postgres = await SeverableProxy.before(toPostgres.host, toPostgres.port);
  const tracking = await SeverableProxy.before(toMlflow.host, toMlflow.port);
  const databaseUrl = new URL(settings.databaseUrl);
  databaseUrl.host = `127.0.0.1:${postgres.port}`;
  await start({
    DATABASE_URL: databaseUrl.href,
    MLFLOW_TRACKING_URI: `http://127.0.0.1:${tracking.port}`,
  });
  await expect.poll(() => get('/readyz')).toMatchObject({ version: '2', stale: false });
  postgres.cut();
  tracking.cut();
  await setDesired(database, model, '1', 'test');
  await expect
    .poll(() => get('/healthz'))
    .toMatchObject({ status: 'ready', version: '2', upstreams: { postgres: { state: 'down' } } });
  expect(await predict()).toEqual({ status: 200, version: '2', prediction: 402 });
  postgres.mend();
  tracking.mend();
  await expect.poll(predict).toEqual({ status: 200, version: '1', prediction: 401 });
  await setDesired(database, model, '2', 'test');
  await expect.poll(predict).toEqual({ status: 200, version: '2', prediction: 402 });
  expect(await stop()).toBe(0);
  postgres.close();
  tracking.close();
});

it('starts and serves from disk with Postgres and MLflow down', async () => {
  await start(NOWHERE);
  expect(await predict()).toEqual({ status: 200, version: '2', prediction: 402 });
  expect(await get('/readyz')).toMatchObject({ version: '2', source: 'disk', stale: true });
  expect(await get('/healthz')).toMatchObject({
    status: 'ready',
    upstreams: { postgres: { state: 'down' } },
  });
  expect(await stop()).toBe(0);
});
