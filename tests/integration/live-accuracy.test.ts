/** Logged predictions against trips that were published later. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { liveAccuracy, upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { deleteOldPredictions, insertPredictions } from '../../adapters/postgres/prediction-log.ts';
import { loadSettings } from '../../settings.ts';

const database = new Database(loadSettings().databaseUrl);
const model = `accuracy-test-${randomBytes(4).toString('hex')}`;
/** A system of the test's own. */
const system = model;

const logged = (hour: number, prediction: number, ageDays = 0, version = '1') => ({
  requestId: randomBytes(4).toString('hex'),
  rowIndex: 0,
  predictedAt: new Date(Date.now() - ageDays * 86_400_000),
  model,
  version,
  system,
  targetHour: `2025-01-15T${String(hour).padStart(2, '0')}:00:00`,
  features: { TMAX: 40, note: 'a "quoted" text, {braces}' },
  prediction,
  latencyMs: 1,
});

afterAll(async () => {
  await database.query('DELETE FROM prediction_log WHERE model = $1', [model]);
  await database.query('DELETE FROM actual_hours WHERE system = $1', [system]);
  await database.close();
});

it('counts the last answer of each hour, by version and day', async () => {
  // Errors of version 1: +10 and -20 (the first answer for 9:00 was replaced); of version 2: +100. 11:00 is not published.
  await insertPredictions(database, [
    logged(8, 1_010),
    logged(9, 5_000, 1),
    logged(9, 1_980),
    logged(11, 7),
    logged(8, 1_100, 0, '2'),
  ]);
  const hours = [
    { date: '2025-01-15', hour: 8, trips: 1_000 },
    { date: '2025-01-15', hour: 9, trips: 2_000 },
  ];
  await upsertActualHours(database, system, hours);
  await upsertActualHours(database, system, hours);
  const rows = await liveAccuracy(database, model);
  expect(rows).toEqual([
    // sqrt((10² + 20²) / 2), (10 + 20) / 2, (10 − 20) / 2
    {
      model,
      version: '1',
      day: '2025-01-15',
      n: 2,
      rmse: expect.closeTo(15.8114, 3) as number,
      mae: 15,
      bias: -5,
    },
    { model, version: '2', day: '2025-01-15', n: 1, rmse: 100, mae: 100, bias: 100 },
  ]);
});

it('takes a corrected count', async () => {
  await upsertActualHours(database, system, [{ date: '2025-01-15', hour: 8, trips: 1_100 }]);
  const rows = await liveAccuracy(database, model);
  expect(rows.find(({ version }) => version === '2')).toMatchObject({ rmse: 0, bias: 0 });
});

it('forgets what is older than it is to be kept, and nothing else', async () => {
  const kept = async () => database.query('SELECT 1 FROM prediction_log WHERE model = $1', [model]);
  await insertPredictions(database, [logged(8, 1, 40), logged(8, 1, 31)]);
  const before = (await kept()).length;
  expect(await deleteOldPredictions(database, model, 30)).toBe(2);
  expect(await kept()).toHaveLength(before - 2);
  expect(await deleteOldPredictions(database, model, 30)).toBe(0);
});
