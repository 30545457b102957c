/** Tests the scores of forecasts on Postgres, MLflow and S3: which issue counts, and that two runs leave one result. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScoreActivities } from '../../activities/score/index.ts';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { ScoreActivities } from '../../contracts/activities/score.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { DemandForecast } from '../../contracts/demand-forecast.ts';
import { flatModelFiles } from '../fixtures/flat-model.ts';
import { ingestLab } from '../fixtures/ingest-lab.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { run, type Unbound } from '../fixtures/run-activity.ts';
import { testDependencies } from '../fixtures/test-dependencies.ts';

const { artifacts, ingest, preprocessing } = ingestLab();
const model = `scores-test-${randomBytes(4).toString('hex')}`;
const { database, mlflow, deps, close } = testDependencies(model, { tfBackend: 'cpu' });
const scoring: Unbound<ScoreActivities> = createScoreActivities({ ...deps, artifacts });
const MONTHS = ['2024-12', '2025-01'];
/** Is what the version predicts for every hour from the observed weather. */
const FLAT = 7;
const SYSTEM = 'jc-synthetic';

let dir: string;
let dataset: ArtifactRef;
let frame: ArtifactRef;
let actual: (date: string, hour: number) => number;
let version: string;
let runId: string;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'forecast-scores-'));
  await writeSample({ out: dir, system: 'jc', from: '2024-12', to: '2025-01', ridesPerMonth: 4_000 });
  ({ dataset } = (await ingest({ system: 'jc', source: pathToFileURL(dir).href, months: MONTHS })).summary);
  const frameOf = async (month: string) =>
    (await run(preprocessing.buildFrame, { dataset, span: { from: month, to: month }, cache: true })).ref;
  frame = await frameOf('2025-01');
  const rows = await readFrame(artifacts, frame);
  actual = (date, hour) => rows.find((row) => row.date === date && row.hour === hour)!.trips;
  ({ version, runId } = await register(await frameOf('2024-12')));
});

afterAll(async () => {
  for (const table of ['forecast_issues', 'replaced_forecasts'])
    await queryAsOwner(`DELETE FROM ${table} WHERE model = $1`, [model]);
  await queryAsOwner('DELETE FROM forecast_scores WHERE model = $1', [model]);
  await mlflow.registry.deleteModel(model);
  await mlflow.experiments.delete(await mlflow.experiments.ensure(model));
  await close();
  rmSync(dir, { recursive: true, force: true });
});

async function register(trainFrame: ArtifactRef) {
  const experimentId = await mlflow.experiments.ensure(model);
  const made = await mlflow.runs.create({ experimentId, name: 'flat', startedAt: Date.now(), tags: {} });
  const { modelId, artifactUri } = await mlflow.loggedModels.create({
    experimentId,
    name: 'flat',
    runId: made.runId,
    tags: {},
    params: {},
  });
  const trainedOn = { system: 'jc', from: '2024-12', to: '2024-12', synthetic: true };
  for (const [file, bytes] of Object.entries(flatModelFiles(FLAT, trainedOn)))
    await mlflow.artifacts.put(artifactUri, file, bytes);
  await mlflow.loggedModels.finalize(modelId);
  await mlflow.registry.ensureModel(model, 'a test');
  const registered = await mlflow.registry.createVersion({
    model,
    source: `models:/${modelId}`,
    runId: made.runId,
    modelId,
    description: 'a test',
    tags: { 'citibike.train_frame': trainFrame.uri },
  });
  return { version: registered.version, runId: made.runId };
}

/** Issues a forecast whose predictions are off by the given number of trips. It was written at `writtenAt`. */
async function issue(
  issuedAt: string,
  errors: readonly (readonly [date: string, hour: number, error: number])[],
  more: Partial<DemandForecast> = {},
  writtenAt = issuedAt,
): Promise<void> {
  const written = await writeForecast(
    database,
    {
      system: SYSTEM,
      model,
      version,
      issuedAt,
      issueDay: issuedAt.slice(0, 10),
      provider: 'open-meteo',
      timeZone: 'America/New_York',
      level: { factor: 1, deviation: 0.05, month: null },
      weather: [],
      hours: errors.map(([date, hour, error]) => {
        const prediction = actual(date, hour) + error;
        const around = (distance: number) => ({ lower: prediction - distance, upper: prediction + distance });
        return {
          date,
          hour,
          prediction,
          intervals: { 0.5: around(5), 0.8: around(35), 0.9: around(50) },
          weather: 'forecast',
        };
      }),
      ...more,
    },
    { workflowId: 'forecast-scores-test', runId: 'run' },
  );
  expect(written).toBe(true);
  await database.query('UPDATE forecast_issues SET created_at = $3 WHERE model = $1 AND issued_at = $2', [
    model,
    issuedAt,
    writtenAt,
  ]);
}

const monthsWithForecasts = async () =>
  (await run(scoring.listForecastMonths, { dataset })).months.filter((each) => each.model === model);
const score = () =>
  run(scoring.scoreForecasts, { system: 'jc', model, month: '2025-01', frame, synthetic: true });
const scores = () =>
  database.query('SELECT * FROM forecast_scores WHERE model = $1 ORDER BY lead_day', [model]);

it('finds no month without forecasts', async () => {
  expect(await monthsWithForecasts()).toEqual([]);
});

it('scores the last issue of the issue day by lead day, and never one of after the hour began', async () => {
  // 7:00, 10:00 and 15:00 on the wall clock of the system.
  await issue('2025-01-09T12:00:00.000Z', [
    ['2025-01-09', 8, 30],
    ['2025-01-09', 11, 99],
    ['2025-01-10', 8, 500],
  ]);
  await issue('2025-01-09T15:00:00.000Z', [
    ['2025-01-09', 11, -40],
    ['2025-01-10', 8, 3],
  ]);
  await issue('2025-01-09T20:00:00.000Z', [['2025-01-10', 8, 700]], { provider: 'climatology' });
  await issue('2025-01-10T15:00:00.000Z', [['2025-01-10', 8, 0]]);
  expect(await monthsWithForecasts()).toEqual([{ model, month: '2025-01', scored: false }]);
  expect(await score()).toEqual({ leadDays: 2 });
  const [today, next, ...others] = await scores();
  expect(others).toEqual([]);
  expect(today).toMatchObject({
    ...{ system: SYSTEM, month: '2025-01', lead_day: 0, hours: 2, issues: 2, versions: [version] },
    ...{ mae: 35, bias: -5, coverage_50: 0, coverage_80: 0.5, coverage_90: 1, width_90: 100 },
    climatology_share: 0,
  });
  // Errors of +30 and -40 trips.
  expect(today!['rmse']).toBeCloseTo(Math.sqrt(1_250), 4);
  const observed = FLAT - actual('2025-01-10', 8);
  expect(next).toMatchObject({ lead_day: 1, hours: 1, rmse: 3, bias: 3, rmse_observed: Math.abs(observed) });
  expect(next!['skill']).toBeCloseTo(1 - 3 / Number(next!['rmse_naive']), 12);
});

it('leaves one result when it runs twice, also at the same time', async () => {
  const before = await scores();
  await Promise.all([score(), score()]);
  expect(await scores()).toEqual(before);
  const history = await mlflow.runs.metricHistory(runId, 'forecast_lead_1_rmse');
  expect(history).toMatchObject([{ value: 3, step: 202501 }]);
});

it('counts a month as scored until a forecast is issued for it again', async () => {
  expect(await monthsWithForecasts()).toMatchObject([{ scored: true }]);
  await database.query('UPDATE forecast_scores SET scored_at = $2 WHERE model = $1', [
    model,
    '2025-01-10T15:30:00.000Z',
  ]);
  await issue('2025-01-10T16:00:00.000Z', [['2025-01-11', 8, 4]]);
  expect(await monthsWithForecasts()).toMatchObject([{ scored: false }]);
  await score();
  expect((await scores())[1]).toMatchObject({ lead_day: 1, hours: 2, issues: 2 });
});

it('keeps the score of more hours after retention deleted an issue', async () => {
  const [today] = await scores();
  await queryAsOwner('DELETE FROM forecast_issues WHERE model = $1 AND issued_at = $2', [
    model,
    '2025-01-09T12:00:00.000Z',
  ]);
  await score();
  expect((await scores())[0]).toEqual(today);
});

it('scores an issue only for hours that began after it was written, also after another version replaced it', async () => {
  // 7:00 on the wall clock, written at 8:30 and again by another version at 11:30.
  const hours = [8, 9, 11, 12].map((hour) => ['2025-01-16', hour, 2] as const);
  await issue('2025-01-16T12:00:00.000Z', hours, {}, '2025-01-16T13:30:00.000Z');
  const later = hours.map(([date, hour]) => [date, hour, 90] as const);
  await issue('2025-01-16T12:00:00.000Z', later, { version: '998' }, '2025-01-16T16:30:00.000Z');
  await score();
  const rows = await database.query<{ target_hour: string; version: string }>(
    `SELECT extract(hour FROM target_hour)::integer AS hour, version FROM served_forecasts
     WHERE model = $1 AND target_hour::date = '2025-01-16' ORDER BY target_hour, version`,
    [model],
  );
  expect(rows).toEqual([
    { hour: 9, version },
    { hour: 11, version },
    { hour: 12, version },
    { hour: 12, version: '998' },
  ]);
  const [today] = await scores();
  // One hour of January 9 is left. 12:00 of January 16 counts once, by the version that served it.
  expect(today).toMatchObject({ lead_day: 0, hours: 4, versions: [version, '998'] });
  expect(today!['mae']).toBeCloseTo((40 + 2 + 2 + 90) / 4, 4);
});

it('scores forecasts of a version that was deleted, without what it is compared with', async () => {
  await issue('2025-01-20T12:00:00.000Z', [['2025-01-23', 8, 5]], { version: '999' });
  await score();
  expect((await scores()).at(-1)).toMatchObject({
    ...{ lead_day: 3, rmse: 5, versions: ['999'] },
    ...{ rmse_naive: null, skill: null, rmse_observed: null },
  });
});
