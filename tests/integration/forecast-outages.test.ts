/** Cuts S3 or MLflow while the workflow `forecast` runs. One issue is there afterwards. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataQueueActivities } from '../../activities/data-queue.ts';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { systemFiles } from '../../adapters/systems/system-files.ts';
import { createActivityInterceptors } from '../../adapters/temporal/activity-interceptor.ts';
import { connectWorker } from '../../adapters/temporal/temporal-connection.ts';
import { HOUR_MS } from '../../contracts/calendar.ts';
import { allowing } from '../fixtures/allow.ts';
import { gridAnswer } from '../fixtures/grid-answer.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';
import { Lab } from './promotion/lab.ts';

const SYSTEM = `outage-${randomUUID().slice(0, 8)}`;
const UPDATED = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 10 * 60_000);

let lab: Lab;
let folder: string;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;
const proxies = {} as Record<'S3' | 'MLflow', SeverableProxy>;

async function proxyOf(address: string): Promise<SeverableProxy> {
  const { hostname, port } = new URL(address);
  return SeverableProxy.before(hostname, Number(port));
}

beforeAll(async () => {
  lab = await Lab.open();
  const { s3, mlflow, temporal, sources } = lab.settings;
  folder = await mkdtemp(path.join(tmpdir(), 'citibike-outage-'));
  await writeFile(path.join(folder, 'answer.json'), gridAnswer(UPDATED));
  proxies.S3 = await proxyOf(s3.endpoint!);
  proxies.MLflow = await proxyOf(mlflow.trackingUri);
  const at = (proxy: SeverableProxy) => `http://127.0.0.1:${proxy.port}`;
  const known = systemFiles();
  connection = await connectWorker(temporal);
  worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: SYSTEM,
    workflowBundle: { codePath: lab.bundle },
    interceptors: {
      activity: [createActivityInterceptors({ stepStarted: () => undefined, stepClosed: () => undefined })],
    },
    sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
    activities: createDataQueueActivities({
      artifacts: new ArtifactStore(new ObjectStore({ ...s3, endpoint: at(proxies.S3) })),
      database: lab.database,
      mlflow: new MlflowClient({ ...mlflow, trackingUri: at(proxies.MLflow), attempts: 1 }),
      codeVersion: 'test',
      modelName: 'nobody',
      systems: { ...known, get: async (id) => ({ ...(await known.get(id === SYSTEM ? 'jc' : id)), id }) },
      experiment: 'test',
      sources: { ...sources, forecasts: pathToFileURL(folder).href },
      allowed: allowing(() => [pathToFileURL(folder).href]),
      tfBackend: 'cpu',
    }),
  });
  running = worker.run();
}, 120_000);

afterAll(async () => {
  worker?.shutdown();
  await running;
  await connection?.close();
  for (const proxy of Object.values(proxies)) proxy.close();
  for (const table of ['forecast_issues', 'weather_forecasts'])
    await queryAsOwner(`DELETE FROM ${table} WHERE system = $1`, [SYSTEM]);
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

it.each([
  ['S3', 'fetchForecast'],
  ['MLflow', 'planForecast'],
] as const)('waits while %s is down, and issues once', { timeout: 90_000 }, async (server, waiting) => {
  const model = await lab.newModel();
  const version = await lab.register(model, 80, undefined, {
    system: SYSTEM,
    from: '2098-01-01',
    to: '2098-12-31',
  });
  await lab.mlflow.registry.setAlias(model, 'champion', version);
  proxies[server].cut();
  const handle = await lab.start('forecast', `${SYSTEM}-${server}`, { system: SYSTEM, model }, SYSTEM);
  const isRetried = async () => {
    const { pendingActivities } = (await handle.describe()).raw;
    return pendingActivities?.some(
      ({ activityType, attempt }) => activityType?.name === waiting && (attempt ?? 1) > 1,
    );
  };
  while (!(await isRetried())) await sleep(100);
  expect(await counts(model)).toMatchObject({ issues: 0, hours: 0 });
  proxies[server].mend();
  expect(await handle.result()).toMatchObject({ version, issuedAt: UPDATED.toISOString(), written: true });
  expect(await counts(model)).toEqual({ issues: 1, hours: 168, weather: 1 });
});

async function counts(model: string) {
  const [row] = await lab.database.query(
    `SELECT (SELECT count(*) FROM forecast_issues WHERE model = $1)::integer AS issues,
       (SELECT count(*) FROM demand_forecasts WHERE model = $1)::integer AS hours,
       (SELECT count(DISTINCT issued_at) FROM weather_forecasts WHERE system = $2)::integer AS weather`,
    [model, SYSTEM],
  );
  return row;
}
