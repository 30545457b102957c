/** Tests what the console reads about a champion from Postgres. */
import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { upsertActualHours } from '../../adapters/postgres/actual-hours.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { PredictionBlock } from '../../adapters/postgres/prediction-block.ts';
import { writePredictions } from '../../adapters/postgres/prediction-log.ts';
import { promotedAt } from '../../adapters/postgres/recorded-runs.ts';
import { Records } from '../../console/api/upstreams/records.ts';
import { loadSettings } from '../../settings.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';

const database = new Database(loadSettings().databaseUrl);
const records = new Records(database);
const model = `records-test-${randomUUID().slice(0, 8)}`;

afterAll(async () => {
  await queryAsOwner('DELETE FROM prediction_blocks WHERE model = $1', [model]);
  await queryAsOwner('DELETE FROM actual_hours WHERE system = $1', [model]);
  await queryAsOwner('DELETE FROM workflow_runs WHERE workflow_id = $1', [model]);
  await database.close();
});

it('weights the days of live accuracy by their hours', async () => {
  // Errors: +30 at one hour of the 15th; -10, +10 and +10 at three hours of the 16th.
  const hours = [
    { date: '2025-01-15', hour: 8, trips: 100, error: 30 },
    { date: '2025-01-16', hour: 8, trips: 100, error: -10 },
    { date: '2025-01-16', hour: 9, trips: 200, error: 10 },
    { date: '2025-01-16', hour: 10, trips: 300, error: 10 },
  ];
  await upsertActualHours(database, model, hours);
  const block = new PredictionBlock(
    { model, version: '1', system: model, timeZone: 'America/New_York', isWhatIf: false },
    { rows: 10, requestIdBytes: 1_000, featureBytes: 1_000 },
  );
  for (const [rowIndex, { date, hour, trips, error }] of hours.entries()) {
    block.append({
      requestId: model,
      rowIndex,
      predictedAtMs: Date.parse('2025-01-14T12:00:00Z'),
      targetHourMs: Date.parse(date) + hour * 3_600_000,
      features: {},
      prediction: trips + error,
      latencyMs: 1,
    });
  }
  await writePredictions(database, block);
  // sqrt((900 + 100 + 100 + 100) / 4), (30 + 10 + 10 + 10) / 4, (30 - 10 + 10 + 10) / 4
  expect(await records.liveAccuracy(model, '1')).toEqual({
    from: '2025-01-15',
    to: '2025-01-16',
    hours: 4,
    rmse: expect.closeTo(17.3205, 3) as number,
    mae: 15,
    bias: 10,
  });
  expect(await records.liveAccuracy(model, '2')).toBeUndefined();
});

it('dates a champion from its last promotion, not from a rejection', async () => {
  const promotion = (version: string, promote: boolean, closedAt: string) =>
    database.query(
      `INSERT INTO workflow_runs (workflow_id, run_id, type, status, input, result, started_at, closed_at)
       VALUES ($1::text, $2, 'promotion', 'completed', jsonb_build_object('model', $1::text),
         jsonb_build_object('version', $3::text, 'promote', $4::boolean), $5, $5)`,
      [model, randomUUID(), version, promote, closedAt],
    );
  await promotion('1', true, '2025-01-01T00:00:00Z');
  await promotion('2', true, '2025-02-01T00:00:00Z');
  await promotion('1', true, '2025-03-01T00:00:00Z');
  await promotion('1', false, '2025-04-01T00:00:00Z');
  expect(await promotedAt(database, model, '1')).toEqual(new Date('2025-03-01T00:00:00Z'));
  expect(await promotedAt(database, model, '3')).toBeUndefined();
});
