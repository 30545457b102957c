/** Tests a version as Python users load it, with onnxruntime and with MLflow, in a pinned environment. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { createRegisterActivities } from '../../activities/register/index.ts';
import { createEvaluateModel } from '../../activities/train/evaluate-model.ts';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { FRAME_SCHEMA_VERSION, type FrameRow } from '../../contracts/frame.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { featureRow, featureSetOf } from '../../core/features/feature-row.ts';
import { ONNX_FILE, onnxOf } from '../../core/serving/onnx.ts';
import { parseModelFiles } from '../../core/serving/serving-model.ts';
import { inputOf } from '../../core/training/training-set.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { run } from '../../stack/install/run-command.ts';
import { Value } from 'typebox/value';
import { randomModelFiles } from '../fixtures/random-model.ts';
import { RegistryUnreachableError, installEnvironment } from '../python/python-environment.ts';
import { madeUpFrame } from '../unit/serving/tiny-network.ts';
import { testDependencies } from '../fixtures/test-dependencies.ts';
import type { Evaluation } from '../../contracts/activities/train.ts';
import type { RegisteredVersion } from '../../contracts/activities/register.ts';
import { FORMER_PLACE } from '../../contracts/former-place.ts';

const CHECK = path.join(PROJECT_DIR, 'tests', 'python', 'check_onnx.py');

const name = `test-python-${randomUUID().slice(0, 8)}`;
const { artifacts, close, deps, mlflow, settings } = testDependencies(name, { tfBackend: 'cpu' });
const ENVIRONMENT = {
  folder: path.join(settings.stackDir, 'test-python'),
  requirements: [
    path.join(PROJECT_DIR, 'tests', 'python', 'requirements.txt'),
    path.join(PROJECT_DIR, 'stack', 'mlflow-requirements.txt'),
  ],
};
const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
const inActivity = <T>(work: () => Promise<T>) => environment.run<[], T, () => Promise<T>>(work);

const hours = madeUpFrame(24 * 56);
/** Includes hours far outside the training months, where growth is held. */
const inputs = [
  ...hours.map(inputOf),
  ...['2013-06-01', '2026-07-31', '2099-07-15'].map((date) => ({ date, hour: 17, weather: { TMAX: 80 } })),
];
const quantileFiles = randomModelFiles([0.05, 0.5, 0.95]);
let dir = '';
let python = '';
let unreachable = '';
let registered: RegisteredVersion;

const producer = { workflowId: name, runId: 'run', step: 'test', codeVersion: 'test' };
const plain = { schemaVersion: 1, inputs: [], parameters: {}, synthetic: true };

async function frameOf(file: string, rows: readonly FrameRow[]): Promise<ArtifactRef> {
  const local = path.join(dir, file);
  await writeFrameFile(local, rows);
  const content = { file: local };
  return artifacts.write(producer, { ...plain, name: file, content, schemaVersion: FRAME_SCHEMA_VERSION });
}

async function register(): Promise<RegisteredVersion> {
  const files: Record<string, ArtifactRef> = {};
  for (const [file, content] of Object.entries(quantileFiles))
    files[file] = await artifacts.write(producer, { ...plain, name: file, content });
  const folder = await artifacts.write(producer, {
    ...plain,
    name: 'files.json',
    content: new TextEncoder().encode(JSON.stringify({ schemaVersion: 1, files })),
  });
  const train = await frameOf('train.parquet', hours.slice(0, 24 * 28));
  const test = await frameOf('test.parquet', hours.slice(24 * 28));
  const evaluation: Evaluation = await inActivity(() =>
    createEvaluateModel(deps)({ model: folder, train, test, cache: false }),
  );
  return inActivity(() =>
    createRegisterActivities(deps).registerCandidate({
      folder,
      evaluation,
      config: {
        system: 'nyc',
        featureSet: 'demand',
        hyperParameters: Value.Create(HyperParameters),
        seed: 1,
        span: { from: '2024-01', to: '2024-01' },
        synthetic: true,
      },
      test: { from: '2024-02', to: '2024-02' },
      trainFrame: train,
      testFrame: test,
      backend: 'cpu',
    }),
  );
}

/** Returns rows for the check: raw features, days, hours, and the service's answers. */
async function writeRows(file: string, files: Record<string, Uint8Array>): Promise<string> {
  const model = parseModelFiles(files);
  const { featureSet, imputation, growth } = model.spec;
  const answers = model.predict(inputs);
  const target = path.join(dir, file);
  const rows = {
    features: inputs.map((input) => [
      ...featureRow(featureSetOf(featureSet, FORMER_PLACE), input, imputation),
    ]),
    day: inputs.map(({ date }) => epochDayOf(date) - epochDayOf(growth.origin)),
    hour: inputs.map(({ hour }) => hour),
    prediction: answers.map(({ prediction }) => prediction),
    lower: answers.map(({ lower }) => lower),
    upper: answers.map(({ upper }) => upper),
  };
  await writeFile(target, JSON.stringify(rows));
  return target;
}

async function check(context: TestContext, ...args: string[]): Promise<Record<string, number>> {
  if (unreachable) context.skip(`no package registry: ${unreachable}`);
  const env = { ...process.env, MLFLOW_TRACKING_URI: settings.mlflow.trackingUri };
  const { code, output } = await run(python, [CHECK, ...args], { env });
  expect(code, output).toBe(0);
  const line = output.split('\n').find((each) => each.startsWith('{"rows"'))!;
  const answer = JSON.parse(line) as { rows: number; largest_difference: Record<string, number> };
  expect(answer.rows).toBe(inputs.length);
  return answer.largest_difference;
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
  await Promise.all(
    Object.values(settings.s3.buckets).map((bucket) => artifacts.objects.ensureBucket(bucket)),
  );
  registered = await register();
  try {
    python = await installEnvironment(ENVIRONMENT, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof RegistryUnreachableError)) throw error;
    unreachable = error.message;
  }
}, 600_000);

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await mlflow.registry.deleteModel(name).catch(() => undefined);
  await mlflow.experiments.delete(await mlflow.experiments.ensure(name));
  await close();
});

describe('a version predicts the same in Python as in the service', () => {
  test('downloaded, with onnxruntime', async (context) => {
    const folder = path.join(dir, 'version');
    await mkdir(folder);
    const files = await mlflow.downloadModelFiles(name, registered.version);
    for (const [file, bytes] of Object.entries(files)) await writeFile(path.join(folder, file), bytes);
    const rows = await writeRows('rows.json', files);
    expect(Object.keys(await check(context, folder, rows))).toEqual(['prediction', 'lower', 'upper']);
  });

  test('by its alias, with mlflow.pyfunc', async (context) => {
    const rows = await writeRows('rows.json', quantileFiles);
    const differences = await check(context, `models:/${name}@candidate`, rows, '--pyfunc');
    expect(Object.keys(differences)).toEqual(['prediction', 'lower', 'upper']);
  });

  test('without heads for its bounds, from the calibration only', async (context) => {
    const files = randomModelFiles(['mean']);
    const file = path.join(dir, ONNX_FILE);
    await writeFile(file, onnxOf(files));
    const rows = await writeRows('mean.json', files);
    expect(Object.keys(await check(context, file, rows))).toEqual(['prediction', 'lower', 'upper']);
  });
});

describe('the run of a version in MLflow', () => {
  test('shows the evaluation: page, pictures, report', async () => {
    const run = await mlflow.runs.get(registered.runId);
    const files = (await mlflow.artifacts.list(run.artifactUri)).map((file) => file.path);
    for (const file of ['evaluation.html', 'evaluation.json', 'model/model.onnx', 'pictures/week-worst.svg'])
      expect(files).toContain(file);
    const page = await mlflow.artifacts.get(run.artifactUri, 'evaluation.html');
    expect(new TextDecoder().decode(page)).toContain('<!doctype html>');
  });

  test('has hyper-parameters as params, and growth, interval and the score without growth as metrics', async () => {
    const { params, metrics } = await mlflow.runs.get(registered.runId);
    expect(params).toMatchObject({ learning_rate: '0.001', batch: '64', loss: 'quantile', hidden: '64' });
    const names = ['test_winkler', 'test_coverage', 'without_growth_rmse', 'growth_yearly_standard_error'];
    for (const metric of names) expect(metrics[metric]).toBeTypeOf('number');
    // e^(0.0004 · 365.25) − 1
    expect(metrics['growth_yearly']).toBeCloseTo(0.1573, 4);
  });
});
