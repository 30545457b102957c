/** Tests checkDrift and recordDrift on the real S3, MLflow and Postgres, with a champion whose answers are known. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDriftActivities } from '../../activities/drift/index.ts';
import { createRegisterActivities } from '../../activities/register/index.ts';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import { WEEK_METRICS } from '../../adapters/postgres/drift-metrics.ts';
import type { NewArtifact, Producer } from '../../adapters/s3/artifact-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { FRAME_SCHEMA_VERSION, type FrameRow } from '../../contracts/frame.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { DriftReport } from '../../core/drift/report/drift-report.ts';
import { dateOfEpochDay, epochDayOf } from '../../contracts/calendar.ts';
import { OUT_OF_FOLD_FILE, type OutOfFold } from '../../core/training/out-of-fold.ts';
import { flatModelFiles } from '../fixtures/flat-model.ts';
import { testDependencies } from '../fixtures/test-dependencies.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import type { RegisterActivities, RegisteredVersion } from '../../contracts/activities/register.ts';
import type { DriftActivities, DriftCheck } from '../../contracts/activities/drift.ts';

const model = `test-drift-${randomUUID().slice(0, 8)}`;
const { artifacts, close, database, deps, mlflow, settings } = testDependencies(model, { tfBackend: 'cpu' });
const producer: Producer = { workflowId: model, runId: 'run', step: 'test', codeVersion: 'test' };
const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
const drift = createDriftActivities(deps);

type CheckInput = Parameters<DriftActivities['checkDrift']>[0];
type CandidateInput = Parameters<RegisterActivities['registerCandidate']>[0];

/** The champion answers 1000 for every hour; the folds that did not see an hour answer 990. */
const [ANSWER, ANSWER_OUT_OF_FOLD] = [1000, 990];

/** Trips are `level` − 10, + 0 and + 10 in turn. */
function hoursOf(
  from: string,
  days: number,
  level: number,
  withoutWeather: readonly string[] = [],
): FrameRow[] {
  const first = epochDayOf(from);
  return Array.from({ length: days * 24 }, (_, i) => {
    const [date, hour] = [dateOfEpochDay(first + Math.floor(i / 24)), i % 24];
    return {
      date,
      hour,
      trips: level + 10 * ((hour % 3) - 1),
      holiday: 0,
      ...{ TMAX: 40 + (i % 7), TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 },
      weather_filled: withoutWeather.includes(date),
    };
  });
}

async function write(name: string, content: NewArtifact['content'], schemaVersion = 1): Promise<ArtifactRef> {
  return artifacts.write(producer, {
    name,
    content,
    schemaVersion,
    inputs: [],
    parameters: {},
    synthetic: false,
  });
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

async function frameOf(rows: readonly FrameRow[]): Promise<ArtifactRef> {
  const dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
  try {
    const file = path.join(dir, 'frame.parquet');
    await writeFrameFile(file, rows);
    return await write('frame.parquet', { file }, FRAME_SCHEMA_VERSION);
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function registerChampion(
  trained: readonly FrameRow[],
  frame: ArtifactRef,
): Promise<RegisteredVersion> {
  const outOfFold: OutOfFold = {
    schemaVersion: 1,
    date: trained.map((row) => row.date),
    hour: trained.map((row) => row.hour),
    prediction: trained.map(() => ANSWER_OUT_OF_FOLD),
    lower: trained.map(() => 0),
    upper: trained.map(() => 2000),
  };
  const files: Record<string, ArtifactRef> = {};
  for (const [name, content] of Object.entries({
    ...flatModelFiles(ANSWER),
    [OUT_OF_FOLD_FILE]: json(outOfFold),
  })) {
    files[name] = await write(name, content);
  }
  const metrics = { rows: 48, rmse: 100, mae: 100, r2: 0.5, bias: 0, mape: 10 };
  const register = createRegisterActivities(deps);
  const candidate: CandidateInput = {
    model,
    folder: await write('model-folder.json', json({ schemaVersion: 1, files })),
    evaluation: { metrics, naive: metrics, report: await write('evaluation.json', json({})), cached: false },
    config: {
      system: 'nyc',
      featureSet: 'seed',
      hyperParameters: Value.Create(HyperParameters),
      seed: 42,
      span: { from: '2024-01', to: '2024-12' },
      synthetic: false,
    },
    test: { from: '2025-01', to: '2025-01' },
    trainFrame: frame,
    testFrame: frame,
    backend: 'cpu',
  };
  const version: RegisteredVersion = await environment.run(
    (input: CandidateInput) => register.registerCandidate(input),
    candidate,
  );
  await mlflow.registry.setAlias(model, 'champion', version.version);
  return version;
}

let champion: RegisteredVersion;
let reference: ArtifactRef;
let current: ArtifactRef;
const check = (cache = true, system: CheckInput['system'] = 'nyc'): Promise<DriftCheck> => {
  const input: CheckInput = { system, reference, current, cache };
  return environment.run((given: CheckInput) => drift.checkDrift(given), input);
};
const record = ({ report, html }: DriftCheck) => environment.run(() => drift.recordDrift({ report, html }));

beforeAll(async () => {
  await Promise.all(
    Object.values(settings.s3.buckets).map((bucket) => artifacts.objects.ensureBucket(bucket)),
  );
  const before = hoursOf('2024-01-01', 14, 1000);
  reference = await frameOf(before);
  current = await frameOf(hoursOf('2025-01-01', 19, 1250, ['2025-01-11', '2025-01-19']));
  champion = await registerChampion(before, reference);
});

afterAll(async () => {
  await queryAsOwner('DELETE FROM drift_weeks WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM drift_decisions WHERE model = $1', [model]);
  await mlflow.registry.deleteModel(model).catch(() => undefined);
  await mlflow.experiments.delete(await mlflow.experiments.ensure(model));
  await close();
});

describe('checkDrift', () => {
  it('compares every ISO week of current with out-of-fold predictions of reference', async () => {
    const result = await check(false);
    expect(result).toMatchObject({ model, version: champion.version, weeks: 3 });
    const report = await artifacts.readJson<DriftReport>(result.report);
    expect(Object.keys(report.weeks)).toEqual(['2025-W01', '2025-W02', '2025-W03']);
    expect(report.reference.predictions).toEqual({ outOfFold: 336, outOfSample: 0, inSample: 0 });
    expect(report.current.predictions).toEqual({ outOfFold: 0, outOfSample: 456, inSample: 0 });
    // Errors of reference are 0, −10 and −20 in turn, of current −240, −250 and −260.
    expect(report.whole.regression?.reference.rmse).toBeCloseTo(Math.sqrt(500 / 3), 9);
    expect(report.whole.regression?.current.mean_error).toBeCloseTo(-250, 9);
  });

  it('counts weather that was carried forward as missing', async () => {
    const report = await artifacts.readJson<DriftReport>((await check()).report);
    // TMAX, TMIN and SNOW of 24 of 168 hours, in 14 columns.
    expect(report.weeks['2025-W02']?.missing.current.share_of_missing_values).toBeCloseTo(72 / 2352, 12);
    expect(report.weeks['2025-W01']?.missing.current.share_of_missing_values).toBe(0);
  });

  it('gives the reasons of its decision', async () => {
    const { decision, reasons } = await check();
    // √62566.67 against √166.67.
    expect(decision).toBe('alert');
    expect(reasons[0]).toContain('RMSE is 250, on reference 12.9, ratio 19.38');
  });

  it('finds its earlier report', async () => {
    const first = await check();
    const second = await check();
    expect(second).toEqual({ ...first, cached: true });
  });

  it('rejects a champion of another system', async () => {
    await expect(check(false, 'jc')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('recordDrift', () => {
  const rowsOf = (table: string) =>
    database.query(`SELECT count(*) AS rows FROM ${table} WHERE model = $1`, [model]);

  it('writes the same rows when it runs twice, also at the same time', async () => {
    const result = await check();
    expect(await record(result)).toEqual({ rows: 3 });
    expect(await Promise.all([record(result), record(result)])).toEqual([{ rows: 3 }, { rows: 3 }]);
    expect(await rowsOf('drift_weeks')).toEqual([{ rows: 3 }]);
    expect(await rowsOf('drift_columns')).toEqual([{ rows: 3 * 14 }]);
    expect(await rowsOf('drift_decisions')).toEqual([{ rows: 1 }]);
  });

  it('fills citibike_metrics with one row per week, at its last date', async () => {
    await record(await check());
    const rows = await database.query(
      `SELECT timestamp, num_drifted_columns, share_missing_values, mean_error_reference, mean_error_current, rmse_score_current
       FROM citibike_metrics WHERE week IN ('2025-W01', '2025-W02', '2025-W03')`,
    );
    expect(rows.map((row) => row['timestamp'])).toEqual([
      '2025-01-05 00:00:00',
      '2025-01-12 00:00:00',
      '2025-01-19 00:00:00',
    ]);
    expect(rows[0]).toMatchObject({ share_missing_values: 0 });
    expect(rows[0]?.['mean_error_reference']).toBeCloseTo(-10, 9);
    expect(rows[0]?.['mean_error_current']).toBeCloseTo(-250, 9);
  });

  it('keeps the columns of citibike_metrics that people chart, in their order', async () => {
    const rows = await database.query(
      `SELECT column_name FROM information_schema.columns WHERE table_name = 'citibike_metrics' ORDER BY ordinal_position`,
    );
    const names = rows.map((row) => row['column_name']);
    expect(names).toEqual(['timestamp', ...WEEK_METRICS, 'system', 'model_version', 'week']);
  });

  it("puts report and page into the model's MLflow run, once", async () => {
    const result = await check();
    await record(result);
    await record(result);
    const { artifactUri } = await mlflow.runs.get(champion.runId);
    const files = (await mlflow.artifacts.list(artifactUri)).map((file) => file.path);
    const folder = `drift/2025-01-01_2025-01-19/${result.report.sha256.slice(0, 12)}`;
    expect(files.filter((file) => file.startsWith('drift/')).sort()).toEqual([
      `${folder}/report.html`,
      `${folder}/report.json`,
    ]);
  });
});
