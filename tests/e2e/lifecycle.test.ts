/**
 * Tests one whole lifecycle on the synthetic system and the real stack: Temporal, S3, MLflow, Postgres and the
 * prediction service. The test kills the worker in the middle of training.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { progressOf, startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { DeploymentResult } from '../../contracts/workflows/deployment.ts';
import type { LifecycleResult } from '../../contracts/workflows/lifecycle.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';

const settings = loadSettings();
const SPANS = { train: { from: '2024-01', to: '2024-12' }, test: { from: '2025-01', to: '2025-03' } };
const MODEL = settings.modelName;

let client: Client;
let connection: Connection;
let database: Database;
let objects: ObjectStore;
let sample: string;
let first: LifecycleResult;
/** Trainers of the worker that the test kills. */
let orphans: number[] = [];

interface StatusLine {
  name: string;
  pid: number | null;
  state: string;
}

function status(): StatusLine[] {
  const output = execFileSync(
    process.execPath,
    [path.join(PROJECT_DIR, 'client', 'bin.mjs'), 'status', '--json'],
    {
      encoding: 'utf8',
    },
  );
  return (JSON.parse(output) as { services: StatusLine[] }).services;
}

function pidOf(service: string): number {
  const pid = status().find((line) => line.name === service)?.pid;
  if (!pid) throw new Error(`no pid of ${service}`);
  return pid;
}

/** Returns the trainer processes of this worker, without the short probe of the backend. */
function trainersOf(worker: number): number[] {
  try {
    const pids = execFileSync('pgrep', ['-P', String(worker), '-f', 'trainer.ts train'], {
      encoding: 'utf8',
    });
    return pids.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function lifecycle(id: string): Promise<LifecycleResult> {
  const handle = await startWorkflow(
    client,
    'lifecycle',
    { ...SPANS, source: { trips: pathToFileURL(sample).href } },
    id,
  );
  return (await handle.result()) as LifecycleResult;
}

async function predict(): Promise<{ predictions: { model: string; version: string; prediction: number }[] }> {
  const response = await fetch(`http://127.0.0.1:${settings.ports.inference}/predict_trip`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input_data":[{"date":"2025-01-15T08:00:00","TMAX":40,"TMIN":30,"SNOW":0}]}',
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Awaited<ReturnType<typeof predict>>;
}

beforeAll(async () => {
  ({ client, connection } = await connectClient(settings.temporal));
  database = new Database(settings.databaseUrl);
  objects = new ObjectStore(settings.s3);
  sample = mkdtempSync(path.join(tmpdir(), 'citibike-sample-'));
  await writeSample({ out: sample, system: 'nyc', from: SPANS.train.from, to: SPANS.test.to });
});

afterAll(async () => {
  await connection?.close();
  await database?.close();
  objects?.close();
  rmSync(sample, { recursive: true, force: true });
});

describe('a lifecycle whose worker is killed in the middle of training', () => {
  test('completes on the worker that replaces it', async () => {
    const id = 'e2e-killed';
    const worker = pidOf('worker');
    const running = lifecycle(id);
    for (;;) {
      const stage = (await progressOf(client, id))?.stage;
      orphans = trainersOf(worker);
      if (stage === 'training.train' && orphans.length > 0) break;
      await sleep(50);
    }
    // By now the trainer is in its epochs.
    await sleep(2_500);
    process.kill(worker, 'SIGKILL');
    first = await running;
    expect(first.data.synthetic).toBe(true);
    expect(first.training.promotion.promote).toBe(true);
  });

  test('leaves no trainer behind', async () => {
    expect(orphans).not.toEqual([]);
    expect(orphans.filter(isAlive)).toEqual([]);
    expect(trainersOf(pidOf('worker'))).toEqual([]);
  });

  test('registers one version and one run', async () => {
    const mlflow = new MlflowClient(settings.mlflow);
    const champion = await mlflow.getVersionByAlias(MODEL, 'champion');
    expect(champion.version).toBe(first.training.version);
    const versions = await mlflow.searchVersions(MODEL);
    expect(versions.map((version) => version.version)).toEqual(['1']);
  });

  test('beats the naive forecast out of time', () => {
    expect(first.training.metrics.rmse).toBeLessThan(first.training.naive.rmse);
  });

  test('makes the prediction service answer with the champion', async () => {
    const { predictions } = await predict();
    expect(predictions).toHaveLength(1);
    expect(predictions[0]).toMatchObject({ model: MODEL, version: first.training.version });
    expect(predictions[0]!.prediction).toBeGreaterThan(0);
  });

  test('writes a drift row for each ISO week of the quarter', async () => {
    const rows = await database.query('SELECT * FROM citibike_metrics ORDER BY timestamp');
    expect(rows).toHaveLength(14);
    expect(first.monitoring.rows).toBe(14);
  });

  test('records its runs and steps', async () => {
    const runs = await database.query<{ type: string; status: string }>(
      "SELECT type, status FROM workflow_runs WHERE workflow_id LIKE 'e2e-killed%' ORDER BY type",
    );
    expect(runs).toEqual(
      ['ingest', 'lifecycle', 'monitoring', 'training'].map((type) => ({
        type,
        status: 'completed',
      })),
    );
  });

  test('leaves a lineage from the model back to the raw files', async () => {
    const artifacts = new ArtifactStore(objects);
    const seen = new Set<string>();
    const visit = async (uri: string): Promise<void> => {
      if (seen.has(uri)) return;
      seen.add(uri);
      const manifest = await artifacts.manifestOf(uri);
      for (const input of manifest.inputs) await visit(input.uri);
    };
    await visit(first.monitoring.report.uri);
    expect([...seen].some((uri) => uri.includes('/raw/tripdata/'))).toBe(true);
    expect([...seen].some((uri) => uri.includes('/raw/weather/'))).toBe(true);
  });
});

describe('the same lifecycle again', () => {
  test('finds everything in the caches and makes nothing', async () => {
    const again = await lifecycle('e2e-again');
    expect(again.training.cached).toBe(true);
    expect(again.training.version).toBe(first.training.version);
    expect(again.data.cached).toBe(true);
    const steps = await database.query<{ activity: string; status: string }>(
      "SELECT activity, status FROM step_runs WHERE workflow_id = 'e2e-again-training' AND activity = 'trainModel'",
    );
    expect(steps).toEqual([{ activity: 'trainModel', status: 'cached' }]);
    expect(await database.query('SELECT 1 FROM citibike_metrics')).toHaveLength(14);
  });
});

describe('each workflow alone', () => {
  test('deployment rolls the champion out and names the processes that serve it', async () => {
    const handle = await startWorkflow(client, 'deployment', {}, 'e2e-deployment');
    const result = (await handle.result()) as DeploymentResult;
    expect(result.version).toBe(first.training.version);
    expect(result.processes).toHaveLength(1);
  });

  test('ingest of months the source lacks fails at once and names them', async () => {
    const input = { from: '2020-01', to: '2020-02', source: { trips: pathToFileURL(sample).href } };
    const handle = await startWorkflow(client, 'ingest', input, 'e2e-missing');
    await expect(handle.result()).rejects.toMatchObject({
      cause: {
        cause: { type: 'MISSING_MONTHS', message: expect.stringMatching(/2020-01.*2020-02/) as string },
      },
    });
  });
});

describe('the plain temporal command line', () => {
  const temporal = (args: string[]) =>
    promisify(execFile)('temporal', [...args, '--address', settings.temporal.address], {
      env: { ...process.env, PATH: `${path.join(settings.stackDir, 'bin')}:${process.env['PATH'] ?? ''}` },
    });

  test('rejects a wrong input at once with the field, its value and the expected form', async () => {
    const startedAt = Date.now();
    const failing = temporal(
      [
        'workflow',
        'execute',
        '--type',
        'lifecycle',
        '--task-queue',
        'citibike',
        '--workflow-id',
        'e2e-invalid',
      ].concat(['--input', '{"train":{"from":"2024-13"}}']),
    );
    const error = await failing.then(
      () => undefined,
      (reason: { code: number; stdout: string; stderr: string }) => reason,
    );
    expect(error?.code).not.toBe(0);
    expect(`${error?.stdout}${error?.stderr}`).toContain(
      'train.from: got "2024-13", expected a month as YYYY-MM',
    );
    expect(Date.now() - startedAt).toBeLessThan(15_000);
  });

  test('starts a workflow without a client of the product', async () => {
    const { stdout } = await temporal([
      'workflow',
      'execute',
      '--type',
      'deployment',
      '--task-queue',
      'citibike',
      '--input',
      '{}',
      '--output',
      'json',
    ]);
    expect(stdout).toContain('COMPLETED');
  });
});
