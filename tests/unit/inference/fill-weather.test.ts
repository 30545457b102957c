/** Tests rows of /predict_trip without weather: they take that of their day from the forecast where it reaches. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { DemandForecast } from '../../../contracts/demand-forecast.ts';
import { forecastWeather } from '../../../inference/fill-weather.ts';
import type { UnknownFields } from '../../../inference/schemas/predict.ts';
import { forecastOf, MemoryForecasts } from '../../fixtures/memory-forecasts.ts';
import { followed, predictTrip, startServing, TRIP, type Answer, type Problem } from './test-service.ts';

const ISSUED = '2025-01-14T11:08:23.000Z';
/** The forecast of the fixture has a TMAX of 41 °F for this day, and no snow. */
const NEXT_DAY = { date: '2025-01-15T08:00:00' };
/** Its last two days, 20 and 21 January, are climatology. */
const BEYOND = { date: '2025-01-20T08:00:00' };

async function start(
  forecast: DemandForecast | null = forecastOf({ issuedAt: ISSUED }),
  unknownFields: UnknownFields = 'refuse',
) {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'citibike-weather-'));
  const forecasts = new MemoryForecasts();
  if (forecast) forecasts.put(forecast);
  const service = await startServing({
    stateDir,
    overrides: { forecast: forecasts.options(stateDir), unknownFields },
  });
  if (forecast) await followed(service.app, forecast.issuedAt);
  return service;
}

const predictions = async (app: FastifyInstance, rows: readonly unknown[], query = '') => {
  const answer = await predictTrip(app, rows, query);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Answer>().predictions;
};
const errorsOf = async (app: FastifyInstance, rows: readonly unknown[], query = '') => {
  const answer = await predictTrip(app, rows, query);
  expect(answer.statusCode, answer.body).toBe(422);
  return answer.json<Problem>().errors.map(({ row, field }) => `${row} ${field}`);
};

describe('a row without weather', () => {
  it('takes it from the forecast and says so', async () => {
    const { app } = await start();
    expect(await predictions(app, [NEXT_DAY], '?interval=0.9')).toEqual([
      {
        model: 'citibike-trips',
        version: '1',
        date: NEXT_DAY.date,
        // 10 · TMAX + 1
        ...{ prediction: 411, lower: 311, upper: 611 },
        imputed: ['TMAX', 'TMIN', 'SNOW'],
        weather: 'forecast',
        weather_issued_at: ISSUED,
      },
    ]);
  });

  it('is answered beside rows with weather, each in its place', async () => {
    const { app } = await start();
    const answers = await predictions(app, [TRIP, { ...NEXT_DAY, holiday: 1 }, TRIP]);
    expect(answers.map(({ prediction, weather }) => [prediction, weather])).toEqual([
      [401, undefined],
      [411, 'forecast'],
      [401, undefined],
    ]);
  });

  it('has the same answer in metric units', async () => {
    const { app } = await start();
    const metric = { ...TRIP, TMAX: 5, TMIN: 0 };
    const answers = await predictions(app, [NEXT_DAY, metric], '?units=metric');
    expect(answers.map(({ prediction }) => prediction)).toEqual([411, 411]);
    expect(answers[0]).toMatchObject({ weather: 'forecast' });
  });

  it('counts in live accuracy as a forecast, and the log has the weather that was read', async () => {
    const { app, logged } = await start();
    await predictions(app, [NEXT_DAY]);
    await predictions(app, [NEXT_DAY], '?what_if=true');
    await predictions(app, [NEXT_DAY], '?units=metric');
    await app.close();
    const weather = { TMAX: 41, TMIN: 30, SNOW: 0, PRCP: 0.11, AWND: 7.4, PRCP_yesterday: 0.11 };
    expect(logged.map(({ isWhatIf }) => isWhatIf).sort()).toEqual([false, false, true]);
    for (const { features } of logged) expect(features).toEqual({ ...NEXT_DAY, ...weather });
  });

  it('is filled in large requests', async () => {
    const { app } = await start();
    const rows = Array.from({ length: 5_000 }, (_, i) => (i % 2 === 0 ? TRIP : { ...NEXT_DAY }));
    const answers = await predictions(app, rows);
    expect(answers.map(({ weather }) => weather === 'forecast')).toEqual(rows.map((_, i) => i % 2 === 1));
  });

  it('may have unknown fields where the service ignores them', async () => {
    const { app } = await start(undefined, 'ignore');
    const [answer] = await predictions(app, [{ ...NEXT_DAY, station: 'x' }]);
    expect(answer).toMatchObject({ prediction: 411, weather: 'forecast' });
  });

  it.each<[string, object, string, string[]]>([
    ['of climatology', BEYOND, '', ['0 TMAX', '0 TMIN', '0 SNOW']],
    ['before the forecast', { date: '2025-01-13T08:00:00' }, '', ['0 TMAX', '0 TMIN', '0 SNOW']],
    ['after the forecast', { date: '2025-02-13T08:00:00' }, '?units=metric', ['0 TMAX', '0 TMIN', '0 SNOW']],
  ])('is rejected as before on a day %s', async (_what, row, query, expected) => {
    const { app } = await start();
    expect(await errorsOf(app, [row], query)).toEqual(expected);
  });

  it('is rejected as before without a forecast, with every other wrong row', async () => {
    const { app } = await start(null);
    expect(await errorsOf(app, [NEXT_DAY, TRIP, { ...TRIP, TMAX: 'hot' }])).toEqual([
      ...['0 TMAX', '0 TMIN', '0 SNOW'],
      '2 TMAX',
    ]);
  });

  it.each([
    ['', 'a temperature from -60 to 140 °F'],
    ['?units=metric', 'a temperature from -51.1 to 60 °C'],
  ])('is told how far the forecast reaches, and what to send%s', async (query, expected) => {
    const { app } = await start();
    const answer = await predictTrip(app, [TRIP, BEYOND, { ...TRIP, date: 'x', TMIN: 20 }], query);
    const { detail, errors } = answer.json<Problem>();
    const why =
      'the row has no weather, and the weather forecast does not reach 2025-01-20, only 2025-01-14 to 2025-01-19: send TMAX, TMIN, SNOW, or ask for a day that it reaches';
    expect(errors.slice(0, 2)).toEqual([
      { row: 1, field: 'TMAX', message: `expected ${expected}; ${why}` },
      { row: 1, field: 'TMIN', message: `expected ${expected}; ${why}` },
    ]);
    expect(errors[3]!.message).not.toContain('forecast');
    expect(detail).toContain('row 1, TMAX: ');
    expect(detail).toContain(why);
  });

  it('is told that no forecast was issued, or that it has climatology alone', async () => {
    const told = async (forecast: DemandForecast | null) => {
      const { app } = await start(forecast);
      return (await predictTrip(app, [NEXT_DAY])).json<Problem>().detail;
    };
    expect(await told(null)).toContain('no forecast has been issued: send TMAX, TMIN, SNOW');
    const { weather, ...rest } = forecastOf({ issuedAt: ISSUED });
    const climate = { ...rest, weather: weather.map((day) => ({ ...day, source: 'climatology' as const })) };
    expect(await told(climate)).toContain(`the forecast of ${ISSUED} has climatology alone`);
  });

  it('is rejected for what is wrong apart from the weather', async () => {
    const { app } = await start();
    expect(
      await errorsOf(app, [
        { ...NEXT_DAY, holiday: 2 },
        { ...NEXT_DAY, foo: 1 },
      ]),
    ).toEqual(['0 holiday', '1 foo']);
    expect(await errorsOf(app, [{ date: '2025-01-15 at 8' }])).toEqual(['0 date']);
  });
});

describe('a row with a part of its weather', () => {
  it.each<[string, object, string[]]>([
    ['TMAX alone', { ...NEXT_DAY, TMAX: 40 }, ['0 TMIN', '0 SNOW']],
    ['rain alone', { ...NEXT_DAY, PRCP: 0 }, ['0 TMAX', '0 TMIN', '0 SNOW']],
    ['rain that is null', { ...NEXT_DAY, PRCP: null }, ['0 TMAX', '0 TMIN', '0 SNOW']],
    [
      'null in all of it',
      { ...NEXT_DAY, TMAX: null, TMIN: null, SNOW: null },
      ['0 TMAX', '0 TMIN', '0 SNOW'],
    ],
  ])('is rejected as before: %s', async (_what, row, expected) => {
    const { app } = await start();
    expect(await errorsOf(app, [row])).toEqual(expected);
  });

  it('keeps its values, and no weather is filled in', async () => {
    const { app } = await start();
    const [answer] = await predictions(app, [TRIP]);
    expect(answer).toEqual({
      model: 'citibike-trips',
      version: '1',
      date: TRIP.date,
      prediction: 401,
      imputed: [],
    });
  });
});

it.each([
  null,
  [],
  'text',
  { input_data: 'text' },
  { input_data: {} },
  { input_data: [null, 1, 'x', [], { date: 5 }, { date: null }] },
  { input_data: [{ __proto__: { date: NEXT_DAY.date } }] },
])('rejects a hostile body as before: %j', async (payload) => {
  const { app } = await start();
  const answer = await app.inject({
    method: 'POST',
    url: '/predict_trip',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
});

describe('the weather of a forecast', () => {
  const daysOf = (change: (day: DemandForecast['weather'][number], i: number) => object) => {
    const forecast = forecastOf({ issuedAt: ISSUED });
    const weather = forecast.weather.map((day, i) => ({ ...day, ...change(day, i) }));
    return forecastWeather({ ...forecast, weather }).days;
  };

  it('has the rain of the day before where the forecast has that day', () => {
    const days = daysOf((_day, i) => ({ PRCP: i / 10 }));
    expect(days.get('2025-01-14')).not.toHaveProperty('PRCP_yesterday');
    expect(days.get('2025-01-16')).toMatchObject({ PRCP: 0.2, PRCP_yesterday: 0.1 });
  });

  it('leaves out what nothing says, and assumes no snow', () => {
    const days = daysOf(() => ({ PRCP: null, SNOW: null, AWND: null }));
    expect(days.get('2025-01-15')).toEqual({ TMAX: 41, TMIN: 30, SNOW: 0 });
  });

  it('does not reach a day without both temperatures', () => {
    const days = daysOf((_day, i) => ({ TMIN: i === 1 ? null : 30 }));
    expect([...days.keys()].slice(0, 2)).toEqual(['2025-01-14', '2025-01-16']);
  });

  it('has no minimum above the maximum', () => {
    expect(daysOf(() => ({ TMIN: 60 })).get('2025-01-15')).toMatchObject({ TMAX: 41, TMIN: 41 });
  });
});
