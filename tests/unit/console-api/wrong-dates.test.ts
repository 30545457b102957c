/** Tests days and months that the console rejects before it calls any server. */
import { afterAll, expect, it } from 'vitest';
import { closeConsoles, consoleOn, HOST, settings } from '../../fixtures/console-app.ts';

afterAll(closeConsoles);

it.each([
  ['/api/predict/day?date=2025-02-30&TMAX=40&TMIN=30', 'date', 'a day as YYYY-MM-DD'],
  ['/api/predict/day?date=01/02/2025&TMAX=40&TMIN=30', 'date', 'a day as YYYY-MM-DD'],
  ['/api/runs?month=2025-13', 'month', 'a month as YYYY-MM'],
  ['/api/runs?month=2025', 'month', 'a month as YYYY-MM'],
  ['/api/data/nyc/seed/2025-00', 'month', 'a month as YYYY-MM'],
])('%s', async (url, field, expected) => {
  const app = await consoleOn(settings);
  const answer = await app.inject({ url, headers: { host: HOST } });
  expect(answer.statusCode).toBe(422);
  expect(answer.json<{ errors: object[] }>().errors).toMatchObject([
    { field, message: `expected ${expected}` },
  ]);
});
