/**
 * Tests drift checks as workflows on the real stack: they run twice, lose their worker or Postgres, or start before
 * the trips are published.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { desiredState } from '../../adapters/postgres/serving.ts';
import type { MonitoringResult } from '../../contracts/workflows/monitoring.ts';
import { ask, spawnWorker } from './promotion/lab.ts';
import { dailyAccuracy } from '../fixtures/daily-accuracy.ts';
import { Observatory, TINY } from './monitoring/observatory.ts';

/** Is the mean number of trips per hour of the synthetic system. Months vary by season, so a bias of a few percent remains. */
let mean: number;
let here: Observatory;
let source: { trips: string };

const REFERENCE = { from: '2024-01', to: '2024-02' };
const CURRENT = { from: '2025-01', to: '2025-01' };
const inputOf = (model: string, more: object = {}) => ({
  system: 'jc',
  reference: REFERENCE,
  current: CURRENT,
  model,
  source,
  ...more,
});

beforeAll(async () => {
  here = await Observatory.open();
  const sample = await here.sample('sample', '2024-01', '2025-02');
  source = { trips: sample.trips };
  const { model } = await here.champion(3);
  await here.monitor(inputOf(model));
  const [{ trips } = { trips: NaN }] = await here.lab.database.query<{ trips: number }>(
    `SELECT avg(trips)::float8 AS trips FROM actual_hours
     WHERE system = 'jc-synthetic' AND hour >= '2025-01-01' AND hour < '2025-02-01'`,
  );
  mean = trips;
}, 120_000);

afterAll(() => here?.close(), 60_000);

// The tests run at the same time, each with its own model, because they mostly wait. Those that wait longest start first.
describe.concurrent('a drift check in trouble', () => {
  let rows: ReturnType<Observatory['rowsOf']> | undefined;
  /** Checks the results that each of them must leave. */
  const undisturbed = () => (rows ??= rowsOfUndisturbed());
  async function rowsOfUndisturbed() {
    const { model } = await here.champion(mean);
    await here.monitor(inputOf(model));
    return here.rowsOf(model);
  }

  it.each(['checkDrift', 'recordDrift'])(
    'whose worker is killed before %s, and again after its effect, leaves the same results as an undisturbed one',
    async (activity) => {
      const { model } = await here.champion(mean);
      const taskQueue = `${here.taskQueue}-mortal-${activity}`;
      const handle = await here.lab.start('monitoring', taskQueue, inputOf(model), taskQueue);
      for (const moment of ['before', 'after effect'] as const) {
        const [, signal] = (await once(
          spawnWorker(here.lab, taskQueue, { moment, activity }),
          'exit',
        )) as unknown[];
        expect(signal).toBe('SIGKILL');
      }
      const survivor = spawnWorker(here.lab, taskQueue);
      try {
        await handle.result();
      } finally {
        survivor.kill('SIGKILL');
      }
      expect(await here.rowsOf(model)).toEqual(await undisturbed());
    },
    240_000,
  );

  it('waits for an unavailable Postgres, reports that, and leaves no gap and no duplicate row', async () => {
    const expected = await undisturbed();
    const { model } = await here.champion(mean);
    const workflowId = `${here.taskQueue}-without-postgres`;
    here.cutPostgres();
    const running = here.monitor(inputOf(model), workflowId, here.severableTaskQueue);
    const waiting = await vi.waitFor(
      async () => {
        const { raw } = await here.lab.client.workflow.getHandle(workflowId).describe();
        const [pending] = raw.pendingActivities ?? [];
        expect(pending).toMatchObject({
          activityType: { name: 'checkDrift' },
          lastFailure: { applicationFailureInfo: { type: 'UPSTREAM_UNAVAILABLE', nonRetryable: false } },
        });
        return pending!;
      },
      { timeout: 60_000, interval: 500 },
    );
    expect(waiting.lastFailure!.message).toContain('Postgres: ');
    // Retries are limited by time, a day, and not by number.
    expect(waiting.maximumAttempts ?? 0).toBe(0);
    const expires = Number(waiting.expirationTime!.seconds) * 1000;
    expect(expires - Date.now()).toBeGreaterThan(23 * 3_600_000);
    await sleep(20_000);
    expect((await here.rowsOf(model)).weeks).toEqual([]);
    here.mendPostgres();
    await running;
    expect(await here.rowsOf(model)).toEqual(expected);
  }, 180_000);
});

describe.concurrent('a decision to retrain', () => {
  const retraining = { months: 2, featureSet: 'seed', hyperParameters: { ...TINY, epochs: 8 } };

  it('ends in a candidate, a promotion, a refit and a swapped service, once', async () => {
    // This champion predicts three times the demand.
    const { model, version } = await here.champion(3 * mean);
    const app = await here.lab.service(model);
    await vi.waitFor(async () => expect(await ask(app)).toMatchObject({ version }), { timeout: 20_000 });
    const result = await here.monitor<MonitoringResult>(inputOf(model, { retrain: true, retraining }));
    expect(result.retraining).toMatchObject({
      version: '2',
      promoted: true,
      refit: { version: '3', promoted: true },
      heir: { version: '3', promoted: true },
    });
    expect(await here.lab.mlflow.registry.aliasesOf(model)).toMatchObject({
      champion: '3',
      previous: '2',
    });
    expect(await ask(app)).toMatchObject({ version: '3' });
    const refit = await here.lab.mlflow.getVersion(model, '3');
    expect(refit.tags['citibike.heir_of']).toBe('2');
    expect((await here.rowsOf(model)).retrainings).toEqual([
      { month: '2025-01', model_version: version, outcome: 'promoted', candidate: '2', heir: '3' },
    ]);
  }, 240_000);

  it('changes nothing when the candidate is worse', async () => {
    const { model, version } = await here.champion(1.2 * mean);
    const app = await here.lab.service(model);
    await vi.waitFor(async () => expect(await ask(app)).toMatchObject({ version }), { timeout: 20_000 });
    // The weights stay as they were drawn, and the margin is 0.
    const untrained = { ...retraining, promotionMargin: 0, hyperParameters: { ...TINY, learningRate: 1e-9 } };
    const input = inputOf(model, { retrain: true, retraining: untrained });
    const result = await here.monitor<MonitoringResult>(input);
    expect(result).toMatchObject({ decision: 'retrain', retraining: { promoted: false, heir: null } });
    expect((await here.lab.mlflow.registry.aliasesOf(model))['champion']).toBe(version);
    expect(await ask(app)).toMatchObject({ version });
    expect((await desiredState(here.lab.database, model))?.desiredVersion).toBe(version);
    expect((await here.rowsOf(model)).retrainings).toMatchObject([{ outcome: 'rejected', heir: null }]);

    const again = await here.monitor<MonitoringResult>(input);
    expect(again.retraining).toBeNull();
    expect(again.retrainingSkipped).toContain(`version ${version} was already retrained for 2025-01`);
  }, 240_000);
});

describe.concurrent('a drift check', () => {
  it('writes one row per ISO week, and no more when it runs twice', async () => {
    const { model, version } = await here.champion(mean);
    const first = await here.monitor<MonitoringResult>(inputOf(model));
    expect(first).toMatchObject({ version, rows: 5, weeks: 5, withTrips: true, cached: false });
    const rows = await here.rowsOf(model);
    expect(rows.weeks.map(({ week, hours }) => [week, hours])).toEqual([
      ['2025-W01', 120],
      ['2025-W02', 168],
      ['2025-W03', 168],
      ['2025-W04', 168],
      ['2025-W05', 120],
    ]);
    expect(rows.columns).toHaveLength(5 * 14);
    expect(rows.decisions).toHaveLength(1);
    expect(await here.monitor(inputOf(model))).toMatchObject({ rows: 5, cached: true });
    expect(await here.rowsOf(model)).toEqual(rows);
    expect(await here.monitor(inputOf(model, { cache: false }))).toMatchObject({ rows: 5, cached: false });
    expect(await here.rowsOf(model)).toEqual(rows);
  }, 180_000);

  it('keeps a champion that is right on average, and retrains nothing', async () => {
    const { model } = await here.champion(mean);
    const result = await here.monitor<MonitoringResult>(inputOf(model, { retrain: true }));
    expect(result).toMatchObject({ retraining: null });
    expect(['keep', 'watch']).toContain(result.decision);
    expect((await here.rowsOf(model)).retrainings).toEqual([]);
  }, 180_000);

  it('completes the live accuracy of predictions for these hours', async () => {
    const { model, version } = await here.champion(mean);
    const [hour] = await here.lab.database.query<{ trips: number }>(
      `SELECT trips FROM actual_hours WHERE system = 'jc-synthetic' AND hour = '2025-01-15T08:00:00'`,
    );
    await here.lab.database.query(
      `INSERT INTO prediction_log (request_id, row_index, predicted_at, model, version, target_hour, features, prediction, latency_ms, system)
       VALUES ('r', 0, '2025-01-14', $1, $2, '2025-01-15T08:00:00', '{}', $3, 1, 'jc-synthetic')`,
      [model, version, hour!.trips + 5],
    );
    await here.monitor(inputOf(model));
    expect(await dailyAccuracy(here.lab.database, model)).toMatchObject([
      { version, day: '2025-01-15', n: 1, rmse: 5, bias: 5 },
    ]);
    await here.lab.database.query('DELETE FROM prediction_blocks WHERE model = $1', [model]);
  }, 180_000);
});

describe.concurrent('before the trips are published', () => {
  it('a check covers weather and predictions only, and a later one completes its rows', async () => {
    // No other test ingests this year, whose March is published later.
    const year = randomInt(2031, 2090);
    const later = await here.sample('later', `${year - 1}-01`, `${year}-03`);
    const early = path.join(path.dirname(later.folder), 'early');
    cpSync(later.folder, early, { recursive: true });
    const march = readdirSync(early).filter((name) => name.includes(`${year}03`));
    expect(march).toHaveLength(1);
    rmSync(path.join(early, march[0]!));

    const { model } = await here.champion(mean);
    const input = (folder: string, more: object = {}) => ({
      system: 'jc',
      model,
      reference: { from: `${year - 1}-01`, to: `${year - 1}-02` },
      current: { from: `${year}-03`, to: `${year}-03` },
      source: { trips: pathToFileURL(folder).href },
      ...more,
    });
    await expect(here.monitor(input(early))).rejects.toThrow();
    const before = await here.monitor<MonitoringResult>(input(early, { withoutTrips: true, retrain: true }));
    expect(before).toMatchObject({ withTrips: false, retraining: null });
    const open = await here.rowsOf(model);
    // One day of March has no 02:00.
    expect(open.weeks.reduce((sum, { hours }) => sum + Number(hours), 0)).toBe(31 * 24 - 1);
    expect(open.weeks.filter((row) => row['rmse_score_current'] !== null || row['with_trips'])).toEqual([]);
    // The frame has 12 features and the prediction.
    expect(open.columns).toHaveLength(open.weeks.length * 13);
    expect(open.columns.map((row) => row['column_name'])).not.toContain('trips');

    const after = await here.monitor<MonitoringResult>(input(later.folder));
    expect(after).toMatchObject({ withTrips: true, rows: open.weeks.length });
    const whole = await here.rowsOf(model);
    expect(whole.weeks.map(({ week }) => week)).toEqual(open.weeks.map(({ week }) => week));
    expect(whole.weeks.filter((row) => row['rmse_score_current'] === null || !row['with_trips'])).toEqual([]);
    expect(whole.columns).toHaveLength(open.weeks.length * 14);
    expect(whole.decisions).toMatchObject([{ with_trips: true }]);
  }, 180_000);
});
