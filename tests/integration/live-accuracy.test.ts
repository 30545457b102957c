/** Tests logged predictions against trips that are published later. */
import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { PredictionBlock, type LoggedPrediction } from '../../adapters/postgres/prediction-block.ts';
import { deleteOldPredictions, writePredictions } from '../../adapters/postgres/prediction-log.ts';
import { loadSettings } from '../../settings.ts';
import { dailyAccuracy } from '../fixtures/daily-accuracy.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const database = new Database(loadSettings().databaseUrl);
const model = `accuracy-test-${randomBytes(4).toString('hex')}`;
const DAY_MS = 86_400_000;
const DAY_BEFORE_MS = Date.parse('2025-01-14T12:00:00Z');
/** Is a system of this test. */
const system = model;

/** Logs a prediction for 15 January 2025, made the given number of days ago or, by default, on the day before. */
const logged = (hour: number, prediction: number, ageDays?: number) => ({
  requestId: randomBytes(4).toString('hex'),
  rowIndex: 0,
  predictedAtMs: ageDays === undefined ? DAY_BEFORE_MS : Date.now() - ageDays * DAY_MS,
  targetHourMs: Date.UTC(2025, 0, 15, hour),
  features: { TMAX: 40, note: 'a "quoted" text, {braces}' },
  prediction,
  latencyMs: 1,
});

async function log(version: string, ...rows: readonly LoggedPrediction[]): Promise<void> {
  const block = new PredictionBlock(
    { model, version, system, timeZone: 'America/New_York', isWhatIf: false },
    { rows: 10, requestIdBytes: 1_000, featureBytes: 1_000 },
  );
  for (const row of rows) expect(block.append(row)).toBe(true);
  await writePredictions(database, block);
}

afterAll(async () => {
  await queryAsOwner('DELETE FROM prediction_blocks WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM actual_hours WHERE system = $1', [system]);
  await database.close();
});

it('counts the last answer of each hour, by version and day', async () => {
  // Errors of version 1 are +10 and -20 (the first answer for 9:00 was replaced), of version 2 +100. 11:00 is not published.
  await log(
    '1',
    logged(8, 1_010),
    { ...logged(9, 5_000), predictedAtMs: DAY_BEFORE_MS - 1 },
    logged(9, 1_980),
    logged(11, 7),
  );
  await log('2', logged(8, 1_100));
  const hours = [
    { date: '2025-01-15', hour: 8, trips: 1_000 },
    { date: '2025-01-15', hour: 9, trips: 2_000 },
  ];
  await upsertActualHours(database, system, hours);
  await upsertActualHours(database, system, hours);
  const rows = await dailyAccuracy(database, model);
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

it('uses a corrected count', async () => {
  await upsertActualHours(database, system, [{ date: '2025-01-15', hour: 8, trips: 1_100 }]);
  const rows = await dailyAccuracy(database, model);
  expect(rows.find(({ version }) => version === '2')).toMatchObject({ rmse: 0, bias: 0 });
});

it('deletes only rows beyond the retention', async () => {
  const kept = async () => database.query('SELECT 1 FROM prediction_log WHERE model = $1', [model]);
  await deleteOldPredictions(database, model, 30);
  await log('1', logged(8, 1, 40), logged(8, 1, 31));
  // A block is deleted as a whole, after its last prediction expires.
  await log('1', logged(8, 1, 31), logged(8, 1, 29));
  const before = (await kept()).length;
  expect(await deleteOldPredictions(database, model, 30)).toBe(2);
  expect(await kept()).toHaveLength(before - 2);
  expect(await deleteOldPredictions(database, model, 30)).toBe(0);
});

it('keeps a row as the service answered it', async () => {
  const row = {
    ...logged(8, 1_234.5678901234567),
    requestId: 'Zürich-🚲',
    rowIndex: 9_999,
    predictedAtMs: Date.parse('1999-12-31T23:59:59.875Z'),
    features: { TMAX: -3.25, note: 'naïve 🚲 \t"\\' },
  };
  await log('3', row);
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

it('accepts single rows too, as a service of an older version writes them', async () => {
  await database.query(
    `INSERT INTO prediction_log (request_id, row_index, predicted_at, model, version, system, target_hour, features, prediction, latency_ms)
     VALUES ('single', 1, now(), $1, '5', $1, '2025-01-15T08:00:00', '{"TMAX": 40}', 7, 1), ('single', 2, now(), $1, '5', $1, '2025-01-15T09:00:00', '{}', 8, 1)`,
    [model],
  );
  const kept = await database.query(
    `SELECT row_index, target_hour, features, prediction FROM prediction_log WHERE model = $1 AND version = '5' ORDER BY 1`,
    [model],
  );
  expect(kept).toEqual([
    { row_index: 1, target_hour: '2025-01-15 08:00:00', features: { TMAX: 40 }, prediction: 7 },
    { row_index: 2, target_hour: '2025-01-15 09:00:00', features: {}, prediction: 8 },
  ]);
});

it('stores no row of a block that Postgres rejects, and continues', async () => {
  const refused = { ...logged(8, 1), requestId: 'no \0 in texts' };
  await expect(log('4', logged(8, 1), refused)).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  await log('4', logged(8, 2));
  const kept = await database.query(
    `SELECT prediction FROM prediction_log WHERE model = $1 AND version = '4'`,
    [model],
  );
  expect(kept).toEqual([{ prediction: 2 }]);
});
