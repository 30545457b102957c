import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createForecastActivities } from '../../activities/forecast/index.ts';
import { writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import {
  newestWeatherIssue,
  readWeatherForecasts,
  toldDays,
  writeWeatherForecast,
} from '../../adapters/postgres/weather-forecasts.ts';
import type { ForecastActivities } from '../../contracts/activities/forecast.ts';
import { DAY_MS, HOUR_MS } from '../../contracts/calendar.ts';
import type { DemandForecast } from '../../contracts/demand-forecast.ts';
import type { ForecastDays } from '../../contracts/weather-forecast.ts';
import { loadSettings } from '../../settings.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { run, type Unbound } from '../fixtures/run-activity.ts';
import { stackDependencies } from '../fixtures/stack-dependencies.ts';

/** Names the system and its model. */
const SYSTEM = `stored-${randomUUID().slice(0, 8)}`;
const deps = stackDependencies(loadSettings(), SYSTEM);
const { database } = deps;

afterAll(async () => {
  for (const table of ['forecast_issues', 'replaced_forecasts', 'weather_forecasts'])
    await queryAsOwner(`DELETE FROM ${table} WHERE system = $1`, [SYSTEM]);
  await database.close();
});

it('keeps all issues of 30 days, and then the last of a day', async () => {
  const model = SYSTEM;
  const at = (days: number, hour: number) =>
    new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - days * DAY_MS + hour * HOUR_MS).toISOString();
  const write = (issuedAt: string, provider: DemandForecast['provider'] = 'api.weather.gov') =>
    writeForecast(database, issueAt(model, issuedAt, provider), { workflowId: 'w', runId: 'r' });
  for (const [days, hour] of [
    [40, 3],
    [40, 6],
    [40, 9],
    [2, 3],
    [2, 6],
  ] as const)
    await write(at(days, hour));
  await write(at(40, 12), 'climatology');
  await write(at(41, 12), 'climatology');
  const activities: Unbound<ForecastActivities> = createForecastActivities(deps);
  const { deleted } = await run(activities.forgetForecasts, { system: SYSTEM, model });
  expect(deleted).toBe(3);
  const left = await database.query<{ issued_at: Date }>(
    'SELECT issued_at FROM demand_forecasts WHERE model = $1 ORDER BY 1',
    [model],
  );
  expect(left.map(({ issued_at }) => issued_at.toISOString())).toEqual([
    at(41, 12),
    at(40, 9),
    at(2, 3),
    at(2, 6),
  ]);
});

function issueAt(model: string, issuedAt: string, provider: DemandForecast['provider']): DemandForecast {
  const bounds = { lower: 5, upper: 15 };
  return {
    system: SYSTEM,
    model,
    version: '1',
    issuedAt,
    issueDay: issuedAt.slice(0, 10),
    provider,
    timeZone: 'America/New_York',
    level: { factor: 1, deviation: 0.1, month: null },
    weather: [],
    hours: [
      {
        date: issuedAt.slice(0, 10),
        hour: 20,
        prediction: 10,
        intervals: { 0.5: bounds, 0.8: bounds, 0.9: bounds },
        weather: 'forecast',
      },
    ],
  };
}

it('stores each weather forecast once, and finds the first of a day by its lead', async () => {
  const system = SYSTEM;
  const issue = (issuedAt: string, TMAX: number): ForecastDays => ({
    provider: 'open-meteo',
    issuedAt,
    issueDay: issuedAt.slice(0, 10),
    days: ['2024-05-01', '2024-05-02'].map((date) => ({
      date,
      TMAX,
      TMIN: 40,
      PRCP: null,
      SNOW: 0,
      AWND: 5.5,
      rainProbability: 0.25,
    })),
  });
  const answer = { uri: 's3://data/answer.json', fetchedAt: '2024-05-01T12:01:00.000Z' };
  const [first, second] = [issue('2024-05-01T06:00:00.000Z', 60), issue('2024-05-01T18:00:00.000Z', 66)];
  for (const each of [first, second, { ...first, days: issue(first.issuedAt, 99).days }])
    await writeWeatherForecast(database, system, each, answer);
  const span = { from: new Date('2024-05-01'), to: new Date('2024-05-02') };
  expect(await readWeatherForecasts(database, system, span)).toEqual([first, second]);
  expect(await newestWeatherIssue(database, system, new Date('2099-01-01'))).toBeUndefined();
  const told = await toldDays(database, { system, provider: 'open-meteo' }, '2024-05-01', 7);
  expect(told.map(({ leadDay, date, forecast: { TMAX } }) => [leadDay, date, TMAX])).toEqual([
    [0, '2024-05-01', 60],
    [1, '2024-05-02', 60],
  ]);
});
