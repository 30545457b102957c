/** Logged predictions against trips that were published later. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { liveAccuracy, upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { PredictionBatch } from '../../adapters/postgres/prediction-batch.ts';
import { deleteOldPredictions, writePredictions } from '../../adapters/postgres/prediction-log.ts';
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

async function log(...rows: readonly ReturnType<typeof logged>[]): Promise<void> {
  const batch = new PredictionBatch(10_000);
  for (const row of rows) expect(batch.append(row)).toBe(true);
  await writePredictions(database, batch);
}

afterAll(async () => {
  await database.query('DELETE FROM prediction_log WHERE model = $1', [model]);
  await database.query('DELETE FROM actual_hours WHERE system = $1', [system]);
  await database.close();
});

it('counts the last answer of each hour, by version and day', async () => {
  // Errors of version 1: +10 and -20 (the first answer for 9:00 was replaced); of version 2: +100. 11:00 is not published.
  await log(logged(8, 1_010), logged(9, 5_000, 1), logged(9, 1_980), logged(11, 7), logged(8, 1_100, 0, '2'));
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
  await log(logged(8, 1, 40), logged(8, 1, 31));
  const before = (await kept()).length;
  expect(await deleteOldPredictions(database, model, 30)).toBe(2);
  expect(await kept()).toHaveLength(before - 2);
  expect(await deleteOldPredictions(database, model, 30)).toBe(0);
});

it('keeps a row as it was answered', async () => {
  const row = {
    ...logged(8, 1_234.5678901234567, 0, '3'),
    requestId: 'Zürich-🚲',
    rowIndex: 9_999,
    predictedAt: new Date('1999-12-31T23:59:59.875Z'),
    features: { TMAX: -3.25, note: 'naïve 🚲 \t"\\' },
  };
  await log(row);
  const kept = await database.query(
    `SELECT row_index, extract(epoch FROM predicted_at)::float8 AS at, model, version, system, target_hour, features,
            prediction, latency_ms FROM prediction_log WHERE request_id = $1`,
    [row.requestId],
  );
  expect(kept).toEqual([
    {
      row_index: 9_999,
      at: 946_684_799.875,
      ...{ model, version: '3', system, target_hour: '2025-01-15 08:00:00' },
      features: row.features,
      prediction: 1_234.5678901234567,
      latency_ms: 1,
    },
  ]);
});

it('takes no row of a batch that Postgres refuses, and goes on', async () => {
  const refused = { ...logged(8, 1, 0, '4'), requestId: 'no \0 in texts' };
  await expect(log(logged(8, 1, 0, '4'), refused)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  await log(logged(8, 2, 0, '4'));
  const kept = await database.query(
    `SELECT prediction FROM prediction_log WHERE model = $1 AND version = '4'`,
    [model],
  );
  expect(kept).toEqual([{ prediction: 2 }]);
});
