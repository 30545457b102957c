/**
 * Plants secrets in the settings of a worker and runs a lifecycle, with failures of every server that
 * receives one. Checks that no secret appears where people or other programs read.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { failureMessage } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import { allProcesses } from '../../stack/process-table.ts';
import { freePort } from '../fixtures/own-service.ts';
import { EchoingServer } from './secrets/echoing-server.ts';
import { LoggedProcess } from './secrets/logged-process.ts';
import { OwnTemporal } from './training-faults/own-temporal.ts';
import { OwnWorker } from './training-faults/own-worker.ts';
import { until } from './training-faults/until.ts';

const TIMEOUT_MS = 600_000;
const MONTHS = { from: '2024-01', to: '2024-03' };
const HUGE = 'x'.repeat(1_500_000);

const prefix = `test-secrets-${randomBytes(4).toString('hex')}`;
const planted = (what: string) => `${what}-${randomBytes(12).toString('hex')}`;
const settings = loadSettings();
const SECRETS = {
  mlflowToken: planted('mlflow'),
  webhookPath: planted('hook'),
  webhookSecret: planted('signing'),
  noaaToken: planted('noaa'),
  sourcePassword: planted('source'),
  s3SecretKey: settings.s3.credentials!.secretAccessKey,
  databasePassword: decodeURIComponent(new URL(settings.databaseUrl).password),
};

let dir: string;
let temporal: OwnTemporal;
let worker: OwnWorker;
let inference: LoggedProcess;
let console_: LoggedProcess;
let consoleUrl: string;
/** Holds the answers of the services, including errors. */
let answers = '';
let mlflow: EchoingServer;
let noaa: EchoingServer;
let client: Client;
let connection: Connection;
let database: Database;
let objects: ObjectStore;

/** Starts a workflow as the plain `temporal` command line does, without validation before the workflow. */
async function start(type: string, input: unknown, name: string): Promise<string> {
  const options = { taskQueue: TASK_QUEUE, workflowId: `${prefix}-${name}`, args: [input] };
  const handle = await client.workflow.start(type, options);
  return handle.result().then(
    () => 'completed',
    (error: unknown) => failureMessage(error),
  );
}

/** Returns the text of an answer, whatever its status. */
async function ask(url: string): Promise<string | undefined> {
  const text = await fetch(url).then(
    (response) => response.text(),
    () => undefined,
  );
  answers += text ?? '';
  return text;
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  const sample = path.join(dir, 'sample');
  await writeSample({ out: sample, system: 'jc', ...MONTHS, ridesPerMonth: 2_000 });
  temporal = await OwnTemporal.start(path.join(settings.stackDir, 'bin', 'temporal'), dir);
  ({ client, connection } = await connectClient({ ...settings.temporal, address: temporal.address }));
  mlflow = await EchoingServer.start(settings.mlflow.trackingUri);
  noaa = await EchoingServer.start();
  database = new Database(settings.databaseUrl);
  objects = new ObjectStore(settings.s3);
  const [inferencePort, consolePort] = [await freePort(), await freePort()];
  const own = {
    TEMPORAL_ADDRESS: temporal.address,
    MLFLOW_TRACKING_URI: mlflow.url,
    MLFLOW_TRACKING_TOKEN: SECRETS.mlflowToken,
    MLFLOW_EXPERIMENT: prefix,
    NOAA_TOKEN: SECRETS.noaaToken,
    TRIPS_SOURCE: pathToFileURL(sample).href,
    WEATHER_SOURCE: `${noaa.url}/cdo-web/api/v2`,
    // No server listens on this port.
    WEBHOOK_URL: `http://127.0.0.1:9/${SECRETS.webhookPath}`,
    WEBHOOK_SECRET: SECRETS.webhookSecret,
    TFJS_BACKEND: 'wasm',
    MODEL_NAME: prefix,
    INFERENCE_PORT: String(inferencePort),
    INFERENCE_STATE_DIR: path.join(dir, 'inference'),
    CONSOLE_PORT: String(consolePort),
  };
  consoleUrl = `http://127.0.0.1:${consolePort}`;
  inference = new LoggedProcess('inference/server.ts', own);
  console_ = new LoggedProcess('console/api/server.ts', own);
  worker = await OwnWorker.start(own);
  await until('the console answers', () => ask(`${consoleUrl}/livez`));

  const trips = pathToFileURL(sample).href;
  const lifecycle = {
    ...{ system: 'jc', source: { trips }, featureSet: 'seed', model: prefix },
    train: { from: '2024-01', to: '2024-02' },
    test: { from: '2024-03', to: '2024-03' },
    reference: { from: '2024-01', to: '2024-02' },
    hyperParameters: { hidden: 8, networks: 1, epochs: 2 },
  };
  expect(await start('lifecycle', lifecycle, 'lifecycle')).toBe('completed');

  const weather = `${noaa.url}/cdo-web/api/v2`;
  const broken = { system: 'jc', ...MONTHS, source: { trips, weather }, requireWeather: true, cache: false };
  expect(await start('ingest', broken, 'noaa')).toMatch(/answered HTTP 401/);
  mlflow.rejects = true;
  expect(await start('deployment', { model: prefix }, 'mlflow')).toMatch(/MLflow rejected .* not allowed/);
  expect(await start('rollback', { model: HUGE }, 'huge')).toMatch(
    /^input of rollback is not valid: model: got "x+…/,
  );
  const paths = [
    'overview',
    'models',
    'runs',
    `runs/${prefix}-mlflow`,
    `runs/${prefix}-noaa`,
    `models/${prefix}/versions/1`,
  ];
  for (const each of paths) await ask(`${consoleUrl}/api/${each}`);
  await until('the console has met MLflow', () =>
    console_.log.includes('MLflow') || answers.includes('MLflow') ? true : undefined,
  );
}, TIMEOUT_MS);

afterAll(async () => {
  await worker?.end('SIGKILL');
  await inference?.end();
  await console_?.end();
  await connection?.close();
  await temporal?.kill();
  mlflow?.close();
  noaa?.close();
  await database?.close();
  objects?.close();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

function expectNoSecretIn(text: string): void {
  const found = Object.entries(SECRETS).filter(([, secret]) => text.includes(secret));
  expect(found.map(([name]) => name)).toEqual([]);
}

/** Decodes payloads, which are bytes in a history. */
function decoded(history: unknown): string {
  return JSON.stringify(history, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    const bytes = value as { type?: unknown; data?: unknown } | null;
    return bytes?.type === 'Buffer' ? Buffer.from(bytes.data as number[]).toString() : value;
  });
}

async function histories(): Promise<{ id: string; events: readonly unknown[] }[]> {
  const found: { id: string; events: readonly unknown[] }[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    found.push({ id: workflowId, events: history.events ?? [] });
  }
  return found;
}

test('histories hold no secret, and no failure over 4 kB', async () => {
  // Temporal retries the webhook for a day, so its failures are in the pending activities.
  const pending = await until('the webhook has failed', async () => {
    for await (const { workflowId } of client.workflow.list({ query: "WorkflowType = 'notification'" })) {
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      if (raw.pendingActivities?.[0]?.lastFailure) return raw.pendingActivities;
    }
    return undefined;
  });
  expect(decoded(pending)).toContain('could not be reached');
  expectNoSecretIn(decoded(pending));
  const all = await histories();
  expect(all.map(({ id }) => id)).toContain(`${prefix}-lifecycle`);
  for (const { events } of all) expectNoSecretIn(decoded(events));
  const failures = all
    .flatMap(({ events }) => events)
    .filter((event) => /FailedEventAttributes":\{/.test(decoded(event)));
  expect(failures.length).toBeGreaterThan(3);
  expect(Math.max(...failures.map((event) => decoded(event).length))).toBeLessThan(6_000);
});

test('step logs hold no secret', async () => {
  let logs = 0;
  for await (const { uri } of objects.list(`s3://${settings.s3.buckets.artifacts}/${prefix}`)) {
    if (!uri.includes('/logs/')) continue;
    logs += 1;
    expectNoSecretIn(Buffer.from(await objects.get(uri)).toString());
  }
  expect(logs).toBeGreaterThan(10);
});

test('run records and the audit hold no secret, and no failure over 4 kB', async () => {
  const runs = await database.query('SELECT * FROM workflow_runs WHERE workflow_id LIKE $1', [`${prefix}%`]);
  const steps = await database.query('SELECT * FROM step_runs WHERE workflow_id LIKE $1', [`${prefix}%`]);
  const audit = await database.query('SELECT * FROM console_audit');
  expect(runs.length).toBeGreaterThan(4);
  expect(steps.length).toBeGreaterThan(10);
  expectNoSecretIn(JSON.stringify([runs, steps, audit]));
  const huge = runs.find(({ workflow_id: id }) => id === `${prefix}-huge`);
  expect(JSON.stringify(huge).length).toBeLessThan(4_000);
});

test('logs and answers of worker, services and servers hold no secret', () => {
  expect(worker.log).toContain('worker ready');
  expect(inference.log).toContain('"service":"inference"');
  for (const { log } of [worker, inference, console_]) expectNoSecretIn(log);
  expect(answers).toContain('MLflow rejected');
  expectNoSecretIn(answers);
  const folder = path.join(settings.instanceDir, 'logs');
  const files = readdirSync(folder).filter((name) => name.endsWith('.log'));
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expectNoSecretIn(readFileSync(path.join(folder, file), 'utf8'));
});

test('no command line holds a secret', () => {
  const commands = allProcesses().map(({ command }) => command);
  expect(commands.some((command) => command.includes('worker.ts'))).toBe(true);
  expectNoSecretIn(commands.join('\n'));
});

test('no file of the repository holds a secret of the stack', () => {
  const args = ['grep', '-lF', ...Object.values(SECRETS).flatMap((secret) => ['-e', secret])];
  // git grep exits with 1 if it finds nothing.
  expect(() => execFileSync('git', args, { cwd: PROJECT_DIR, encoding: 'utf8', stdio: 'pipe' })).toThrow(
    expect.objectContaining({ status: 1, stdout: '' }),
  );
});

test('the workflow itself rejects a source with a password, once, and its record does not repeat it', async () => {
  const source = { trips: `https://alice:${SECRETS.sourcePassword}@127.0.0.1:9/trips` };
  const failure = await start('ingest', { system: 'jc', ...MONTHS, source }, 'source');
  expect(failure).toMatch(/^input of ingest is not valid: source\.trips: got "https:\/\/\*\*\*@127/);
  const record = await until('the run is recorded', async () => {
    const [row] = await database.query('SELECT * FROM workflow_runs WHERE workflow_id = $1', [
      `${prefix}-source`,
    ]);
    return row?.['closed_at'] ? row : undefined;
  });
  expectNoSecretIn(JSON.stringify(record));
  expectNoSecretIn(worker.log);
});
