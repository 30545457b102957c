/** Tests hours, days and months that the console rejects before it calls any server. */
import { afterAll, expect, it } from 'vitest';
import { closeConsoles, consoleOn, HOST, settings } from '../../fixtures/console-app.ts';

afterAll(closeConsoles);

it.each([
  ['/api/predict/day?date=2025-02-30&TMAX=40&TMIN=30', 'date', 'a day as YYYY-MM-DD'],
  ['/api/predict/day?date=01/02/2025&TMAX=40&TMIN=30', 'date', 'a day as YYYY-MM-DD'],
  ['/api/runs?month=2025-13', 'month', 'a month as YYYY-MM'],
  ['/api/runs?month=2025', 'month', 'a month as YYYY-MM'],
  ['/api/data/nyc/seed/2025-00', 'month', 'a month as YYYY-MM'],
  [
    '/api/predict/day?date=2025-02-28&TMAX=40&TMIN=41',
    'TMIN',
    'a temperature not above TMAX, which is 40 °F',
  ],
  [
    '/api/predict/day?date=2025-02-28&units=metric&TMAX=61&TMIN=4',
    'TMAX',
    'a temperature from -51.1 to 60 °C',
  ],
])('%s', async (url, field, expected) => {
  const app = await consoleOn(settings);
  const answer = await app.inject({ url, headers: { host: HOST } });
  expect(answer.statusCode).toBe(422);
  expect(answer.json<{ errors: object[] }>().errors).toMatchObject([
    { field, message: `expected ${expected}` },
  ]);
});

it.each([
  [
    { date: '2025-01-15T08:00', TMIN: 41 },
    'input_data.0.TMIN',
    'expected a temperature not above TMAX, which is 40 °F',
  ],
  [{ date: '2025-02-30T08:00', TMIN: 30 }, 'input_data.0.date', 'expected a day that is in the calendar'],
])('rejects %j as the prediction service does', async (row, field, message) => {
  const app = await consoleOn(settings);
  const answer = await app.inject({
    method: 'POST',
    url: '/api/predict',
    headers: { host: HOST },
    payload: { input_data: [{ TMAX: 40, SNOW: 0, ...row }] },
  });
  expect(answer.statusCode).toBe(422);
  expect(answer.json<{ errors: object[] }>().errors).toMatchObject([{ field, message }]);
});
