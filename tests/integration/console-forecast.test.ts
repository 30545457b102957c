/** Tests what the console answers about demand forecasts, on real tables. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { newestIssue, readForecast, writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import type { EarlierIssue, ForecastIssue } from '../../console/api/schemas/forecast.ts';
import { ask, closeConsoles, consoleOn, settings } from '../fixtures/console-app.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { sampleForecast } from '../fixtures/sample-forecast.ts';

interface Body {
  readonly model: string;
  readonly issue: ForecastIssue | null;
  readonly issues: { readonly issuedAt: string }[];
  readonly earlier: EarlierIssue[];
}

const RUN = { workflowId: 'forecast-test', runId: 'r' };
const database = new Database(settings.databaseUrl);
const model = `forecast-test-${randomUUID().slice(0, 8)}`;
const system = `${model}-system`;
let app: FastifyInstance;

/** Times of issue: noon in New York, which is 17:00 UTC. */
const DAYS = ['2025-01-10T17:00:00.000Z', '2025-01-14T17:00:00.000Z', '2025-01-15T17:00:00.000Z'];
const [OLDEST, BEFORE, NEWEST] = DAYS as [string, string, string];
const MORNING = '2025-01-15T11:00:00.000Z';

beforeAll(async () => {
  app = await consoleOn({ ...settings, modelName: model, modelOfAll: model });
  for (const [i, issuedAt] of [OLDEST, BEFORE, MORNING, NEWEST].entries())
    await writeForecast(database, sampleForecast({ system, model, issuedAt, scale: i + 1 }), RUN);
});

afterAll(async () => {
  await queryAsOwner('DELETE FROM forecast_issues WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM forecast_scores WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM actual_hours WHERE system = $1', [system]);
  await closeConsoles();
  await database.close();
});

const forecast = async (query = '') => (await ask(app, `/api/forecast${query}`)).json<Body>().data;

describe('an issue', () => {
  it('is read as it was written, and once per version', async () => {
    const written = sampleForecast({ system, model, issuedAt: NEWEST, scale: 4 });
    expect(await writeForecast(database, written, RUN)).toBe(false);
    const newest = await newestIssue(database, model);
    expect(newest).toMatchObject({ system, issuedAt: new Date(NEWEST) });
    const read = await readForecast(database, model, newest!);
    expect({ ...read, hours: [] }).toEqual({ ...written, hours: [] });
    // The table holds single precision.
    for (const [i, hour] of read!.hours.entries()) {
      expect(hour).toMatchObject({ date: written.hours[i]!.date, hour: written.hours[i]!.hour });
      expect(hour.prediction).toBeCloseTo(written.hours[i]!.prediction, 1);
      expect(hour.intervals[0.9].upper).toBeCloseTo(written.hours[i]!.intervals[0.9].upper, 1);
    }
  });

  it('has local hours with their instants, lead days and nights', async () => {
    const { issue } = await forecast();
    expect(issue).toMatchObject({ system, model, issuedAt: NEWEST, issueDay: '2025-01-15', isStale: true });
    expect(issue!.hours).toHaveLength(168);
    expect(issue!.hours[0]).toMatchObject({
      at: '2025-01-15T18:00:00.000Z',
      date: '2025-01-15',
      hour: 13,
      leadDay: 0,
      trips: null,
    });
    expect(issue!.hours[11]).toMatchObject({ at: '2025-01-16T05:00:00.000Z', hour: 0, leadDay: 1 });
    expect(issue!.weather[0]).toMatchObject({ source: 'forecast', fromEarlier: ['TMAX'] });
    expect(issue!.weather.at(-1)).toMatchObject({ source: 'climatology', AWND: null });
  });

  it('comes with the last issues of the days before, aligned with its hours', async () => {
    const { issue, earlier, issues } = await forecast();
    expect(issues.map(({ issuedAt }) => issuedAt)).toEqual([NEWEST, MORNING, BEFORE, OLDEST]);
    expect(earlier.map(({ issuedAt }) => issuedAt)).toEqual([BEFORE, OLDEST]);
    const [dayBefore, oldest] = earlier as [EarlierIssue, EarlierIssue];
    expect(dayBefore.predictions).toHaveLength(168);
    // The issue of the day before ends a day earlier.
    expect(dayBefore.predictions.filter((value) => value === null)).toHaveLength(24);
    expect(oldest.predictions.filter((value) => value !== null)).toHaveLength(48);
    expect(dayBefore.predictions[0]! / issue!.hours[0]!.prediction).toBeCloseTo(2 / 4, 1);
  });

  it('has the published trips of its hours', async () => {
    await upsertActualHours(database, system, [
      { date: '2025-01-15', hour: 12, trips: 1 },
      { date: '2025-01-15', hour: 13, trips: 2 },
      { date: '2025-01-16', hour: 0, trips: 3 },
    ]);
    const { issue } = await forecast();
    expect(issue!.hours.flatMap(({ trips }, i) => (trips === null ? [] : [[i, trips]]))).toEqual([
      [0, 2],
      [11, 3],
    ]);
  });

  it('is chosen by its issue time; an unknown one is a problem that says so', async () => {
    expect((await forecast(`?issuedAt=${BEFORE}`)).issue).toMatchObject({ issuedAt: BEFORE });
    const unknown = await ask(app, '/api/forecast?issuedAt=2020-01-01T00:00:00Z');
    expect(unknown.status).toBe(404);
    expect(unknown.text).toContain('2020-01-01T00:00:00Z');
    expect((await ask(app, '/api/forecast?issuedAt=yesterday')).status).toBe(422);
  });

  it('of a real and of a synthetic system is found by its id, and no other', async () => {
    const other = await forecast('?system=jc');
    expect(other).toEqual({ model, issue: null, issues: [], earlier: [] });
    await writeForecast(
      database,
      sampleForecast({ system: 'jc-synthetic', model, issuedAt: '2025-01-01T17:00:00.000Z' }),
      RUN,
    );
    const { issue } = await forecast('?system=jc');
    expect(issue).toMatchObject({ system: 'jc-synthetic' });
    // The sun of Jersey City rises shortly after 7 on January 2nd.
    const nights = issue!.hours.filter(({ date, isNight }) => date === '2025-01-02' && isNight);
    expect(nights.map(({ hour }) => hour)).toEqual([0, 1, 2, 3, 4, 5, 6, 17, 18, 19, 20, 21, 22, 23]);
  });

  it('from climatology counts after a forecast of the same day, and is stale', async () => {
    const issuedAt = '2025-01-16T10:00:00.000Z';
    await writeForecast(database, sampleForecast({ system, model, issuedAt, provider: 'climatology' }), RUN);
    expect((await forecast()).issue).toMatchObject({ issuedAt: NEWEST });
    expect((await forecast(`?issuedAt=${issuedAt}`)).issue).toMatchObject({
      provider: 'climatology',
      isStale: true,
    });
  });

  it('that is fresh is not stale', async () => {
    const issuedAt = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    await writeForecast(database, sampleForecast({ system, model, issuedAt }), RUN);
    expect((await forecast()).issue).toMatchObject({ issuedAt, isStale: false });
  });
});

it('an issue from climatology does not stand for a day that has another', async () => {
  const other = `${model}-c`;
  const LATER = '2025-04-02T10:00:00.000Z';
  const last = '2025-04-01T13:00:00.000Z';
  for (const issuedAt of [last, LATER])
    await writeForecast(database, sampleForecast({ system, model: other, issuedAt }), RUN);
  await writeForecast(
    database,
    sampleForecast({ system, model: other, issuedAt: '2025-04-01T16:00:00.000Z', provider: 'climatology' }),
    RUN,
  );
  const own = await consoleOn({ ...settings, modelName: other, modelOfAll: other });
  const { earlier } = (await ask(own, `/api/forecast?issuedAt=${LATER}`)).json<Body>().data;
  expect(earlier.map(({ issuedAt }) => issuedAt)).toEqual([last]);
  await queryAsOwner('DELETE FROM forecast_issues WHERE model = $1', [other]);
});

it('the list of issues has all of a week and the last one of each earlier day', async () => {
  const other = `${model}-b`;
  for (const issuedAt of [
    '2025-02-01T10:00:00.000Z',
    '2025-02-01T13:00:00.000Z',
    '2025-03-01T10:00:00.000Z',
    '2025-03-01T13:00:00.000Z',
  ])
    await writeForecast(database, sampleForecast({ system, model: other, issuedAt }), RUN);
  const own = await consoleOn({ ...settings, modelName: other, modelOfAll: other });
  const { issues } = (await ask(own, '/api/forecast')).json<Body>().data;
  expect(issues.map(({ issuedAt }) => issuedAt)).toEqual([
    '2025-03-01T13:00:00.000Z',
    '2025-03-01T10:00:00.000Z',
    '2025-02-01T13:00:00.000Z',
  ]);
  await queryAsOwner('DELETE FROM forecast_issues WHERE model = $1', [other]);
});

it('scores come by month and lead day, the newest month first', async () => {
  const score = (month: string, leadDay: number, naive: number | null) =>
    queryAsOwner(
      `INSERT INTO forecast_scores (system, model, month, lead_day, hours, issues, versions, rmse, mae, bias, coverage_50, coverage_80,
         coverage_90, width_90, winkler_90, climatology_share, rmse_naive, skill, rmse_observed)
       VALUES ($1, $2, $3, $4, 744, 31, '{1}', 800, 500, -20, .5, .8, .9, 2200, 3000, 0, $5, .4, 700)`,
      [system, model, month, leadDay, naive],
    );
  await score('2025-01', 2, 1300);
  await score('2025-01', 1, null);
  await score('2025-02', 1, 1300);
  const { data } = (await ask(app, '/api/forecast/scores')).json<{ scores: object[] }>();
  expect(data.scores).toMatchObject([
    { month: '2025-02', leadDay: 1, rmseNaive: 1300 },
    { month: '2025-01', leadDay: 1, rmseNaive: null, coverage90: 0.9, width90: 2200, rmseObserved: 700 },
    { month: '2025-01', leadDay: 2, hours: 744, issues: 31, skill: 0.4 },
  ]);
  const other = (await ask(app, '/api/forecast/scores?system=nyc')).json<{ scores: object[] }>();
  expect(other.data.scores).toEqual([]);
});
