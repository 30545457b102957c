/** Tests which logged predictions count in live accuracy, in sessions of several time zones. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, expect, it } from 'vitest';
import pg from 'pg';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { PredictionBlock } from '../../adapters/postgres/prediction-block.ts';
import { writePredictions } from '../../adapters/postgres/prediction-log.ts';
import { loadSettings } from '../../settings.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const { databaseUrl } = loadSettings();
const database = new Database(databaseUrl);
const model = `forecast-test-${randomBytes(4).toString('hex')}`;
const TRIPS = 1_000;

interface Asked {
  /** Instant, with its zone. */
  readonly at: string;
  /** Wall clock of the system, `YYYY-MM-DDTHH`. */
  readonly hour: string;
  readonly prediction: number;
  readonly isWhatIf?: boolean;
  /** Default: New York. */
  readonly timeZone?: string;
}

async function log(...asked: readonly Asked[]): Promise<void> {
  for (const [
    i,
    { at, hour, prediction, isWhatIf = false, timeZone = 'America/New_York' },
  ] of asked.entries()) {
    const source = { model, version: '1', system: model, timeZone, isWhatIf };
    const block = new PredictionBlock(source, { rows: 1, requestIdBytes: 100, featureBytes: 100 });
    block.append({
      requestId: String(i),
      rowIndex: 0,
      predictedAtMs: Date.parse(at),
      targetHourMs: Date.parse(`${hour}:00:00Z`),
      features: {},
      prediction,
      latencyMs: 1,
    });
    await writePredictions(database, block);
    const [date = '', clock = ''] = hour.split('T');
    await upsertActualHours(database, model, [{ date, hour: Number(clock), trips: TRIPS }]);
  }
}

/** Returns errors by day in a session of the given time zone. */
async function errorsIn(timeZone: string): Promise<Record<string, { n: number; bias: number }>> {
  const client = new pg.Client({ connectionString: databaseUrl, options: `-c TimeZone=${timeZone}` });
  await client.connect();
  try {
    const { rows } = await client.query<{ day: string; n: string; bias: number }>(
      'SELECT day::text, n, bias FROM citibike_live_accuracy WHERE model = $1 ORDER BY day',
      [model],
    );
    return Object.fromEntries(rows.map(({ day, n, bias }) => [day, { n: Number(n), bias }]));
  } finally {
    await client.end();
  }
}

const ZONES = ['UTC', 'America/New_York', 'Asia/Tokyo', 'Pacific/Apia'];

afterEach(async () => {
  await queryAsOwner('DELETE FROM prediction_blocks WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM actual_hours WHERE system = $1', [model]);
});
afterAll(() => database.close());

it.each([
  ['a winter hour', '2025-01-15T08', '2025-01-15T08:00:00-05:00'],
  ['a summer hour', '2025-07-15T08', '2025-07-15T08:00:00-04:00'],
  ['midnight', '2025-07-15T00', '2025-07-15T00:00:00-04:00'],
  ['the hour before the spring change', '2025-03-09T01', '2025-03-09T01:00:00-05:00'],
  ['the hour after the spring change', '2025-03-09T03', '2025-03-09T03:00:00-04:00'],
  ['the autumn hour that comes twice, from its first', '2025-11-02T01', '2025-11-02T01:00:00-04:00'],
  ['the hour after the autumn change', '2025-11-02T02', '2025-11-02T02:00:00-05:00'],
])('counts a prediction until %s begins, in every time zone', async (_what, hour, begin) => {
  const day = hour.slice(0, 10);
  const before = new Date(Date.parse(begin) - 1).toISOString();
  await log({ at: before, hour, prediction: TRIPS + 7 }, { at: begin, hour, prediction: 5 });
  for (const zone of ZONES) expect(await errorsIn(zone)).toEqual({ [day]: { n: 1, bias: 7 } });
});

it('counts no prediction of an hour that was made after its begin only', async () => {
  const hour = '2025-11-02T01';
  await log(
    { at: '2025-11-02T01:30:00-04:00', hour, prediction: 1 },
    { at: '2025-11-02T01:30:00-05:00', hour, prediction: 2 },
    { at: '2026-05-01T12:00:00Z', hour, prediction: 3 },
  );
  for (const zone of ZONES) expect(await errorsIn(zone)).toEqual({});
});

it('compares with the clock of the system', async () => {
  const [hour, timeZone] = ['2025-07-15T08', 'America/Chicago'];
  // These are 07:30 and 08:30 in Chicago, 08:30 and 09:30 in New York.
  await log(
    { at: '2025-07-15T12:30:00Z', hour, prediction: TRIPS + 30, timeZone },
    { at: '2025-07-15T13:30:00Z', hour, prediction: TRIPS, timeZone },
  );
  for (const zone of ZONES) expect(await errorsIn(zone)).toEqual({ '2025-07-15': { n: 1, bias: 30 } });
});

it('counts the last forecast of an hour, and no what-if prediction before or after it', async () => {
  const hour = '2025-07-15T08';
  await log(
    { at: '2025-07-13T12:00:00Z', hour, prediction: TRIPS + 300, isWhatIf: true },
    { at: '2025-07-14T12:00:00Z', hour, prediction: TRIPS + 20 },
    { at: '2025-07-14T12:00:01Z', hour, prediction: TRIPS + 10 },
    { at: '2025-07-14T13:00:00Z', hour, prediction: TRIPS + 400, isWhatIf: true },
    { at: '2025-07-15T12:30:00Z', hour, prediction: TRIPS },
  );
  expect(await errorsIn('UTC')).toEqual({ '2025-07-15': { n: 1, bias: 10 } });
});

it('marks what-if predictions in the log, and keeps rows of services that do not write the column', async () => {
  const hour = '2025-07-15T08';
  await log({ at: '2025-07-13T12:00:00Z', hour, prediction: 1, isWhatIf: true });
  const at = '2025-07-14T12:00:00Z';
  await database.query(
    `INSERT INTO prediction_log (request_id, row_index, predicted_at, model, version, system, target_hour, features, prediction, latency_ms)
     VALUES ('row', 0, $2, $1, '1', $1, $3, '{}', $4, 1)`,
    [model, at, `${hour}:00:00`, TRIPS + 4],
  );
  await database.query(
    `INSERT INTO prediction_blocks (model, version, system, first_at, last_at, predictions, request_id, row_index, predicted_at,
       target_hour, features, prediction, latency_ms)
     VALUES ($1, '2', $1, $2, $2, 1, '{block}', '{0}', ARRAY[$2::timestamptz], ARRAY[$3::timestamp], '{"{}"}', ARRAY[$4::float8], '{1}')`,
    [model, at, `${hour}:00:00`, TRIPS + 6],
  );
  const rows = await database.query(
    'SELECT request_id, what_if FROM prediction_log WHERE model = $1 ORDER BY predicted_at, version',
    [model],
  );
  expect(rows).toEqual([
    { request_id: '0', what_if: true },
    { request_id: 'row', what_if: false },
    { request_id: 'block', what_if: false },
  ]);
  expect(
    await database.query(
      'SELECT version, bias, mean_trips FROM citibike_live_accuracy WHERE model = $1 ORDER BY 1',
      [model],
    ),
  ).toEqual([
    { version: '1', bias: 4, mean_trips: TRIPS },
    { version: '2', bias: 6, mean_trips: TRIPS },
  ]);
});
