/** Tests that issues are written once to Postgres, and that the prediction service follows them and outlives Postgres. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { newestIssue, readForecast, writeForecast } from '../../adapters/postgres/demand-forecasts.ts';
import { createPredictionClient, type Forecast } from '../../adapters/prediction-client/prediction-client.ts';
import { HOUR_MS } from '../../contracts/calendar.ts';
import type { DemandForecast } from '../../contracts/demand-forecast.ts';
import { digestOfFiles } from '../../inference/loaded-model.ts';
import { LastGoodModel } from '../../inference/last-good-model.ts';
import { loadSettings } from '../../settings.ts';
import { OWN_MODEL, startOwnService, type OwnService } from '../fixtures/own-service.ts';
import { queryAsOwner } from '../fixtures/query-as-owner.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';
import { forecastOf } from '../fixtures/memory-forecasts.ts';
import { tinyModelFiles } from '../unit/inference/tiny-model.ts';

const { databaseUrl } = loadSettings();
const database = new Database(databaseUrl);
const RUN = { workflowId: 'forecast-test', runId: 'run' };
/** The service polls every 12 s or a little later. */
const FOLLOWED = { timeout: 40_000 };

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
const issueOf = (issuedAt: string, change: Partial<Parameters<typeof forecastOf>[0]> = {}): DemandForecast =>
  forecastOf({ issuedAt, model: OWN_MODEL, ...change });
const forget = async () => {
  for (const table of ['forecast_issues', 'replaced_forecasts'])
    await queryAsOwner(`DELETE FROM ${table} WHERE model = $1`, [OWN_MODEL]);
};

beforeAll(forget);
afterAll(async () => {
  await forget();
  await queryAsOwner('DELETE FROM serving_process WHERE model = $1', [OWN_MODEL]);
  await database.close();
});

describe('issues in Postgres', () => {
  afterEach(forget);
  const newest = async () => {
    const issue = await newestIssue(database, OWN_MODEL);
    return issue && readForecast(database, OWN_MODEL, issue);
  };

  it('are read as they were written, and written once', async () => {
    const forecast = issueOf('2025-03-08T20:30:00.000Z');
    expect(await writeForecast(database, forecast, RUN)).toBe(true);
    expect(await newest()).toEqual(forecast);
    const twice = await Promise.all([1, 2].map(() => writeForecast(database, forecast, RUN)));
    expect(twice).toEqual([false, false]);
    expect(
      await database.query('SELECT count(*) FROM demand_forecasts WHERE model = $1', [OWN_MODEL]),
    ).toEqual([{ count: 168 }]);
  });

  it('are written once by two runs at the same time', async () => {
    const forecast = issueOf('2025-01-14T11:08:23.000Z');
    const written = await Promise.all([1, 2, 3].map(() => writeForecast(database, forecast, RUN)));
    expect(written.filter(Boolean)).toHaveLength(1);
  });

  it('are replaced by those of a newer version, at a later time of writing', async () => {
    const issuedAt = '2025-01-14T11:08:23.000Z';
    await writeForecast(database, issueOf(issuedAt), RUN);
    const before = await newestIssue(database, OWN_MODEL);
    await writeForecast(database, issueOf(issuedAt, { version: '2' }), RUN);
    const after = await newestIssue(database, OWN_MODEL);
    expect(after!.createdAt.getTime()).toBeGreaterThan(before!.createdAt.getTime());
    expect(await newest()).toMatchObject({ version: '2', hours: { length: 168 } });
  });

  it('without a weather forecast count as a day older', async () => {
    const [old, older] = ['2025-01-14T10:00:00.000Z', '2025-01-13T09:00:00.000Z'];
    await writeForecast(database, issueOf(old, { provider: 'climatology' }), RUN);
    await writeForecast(database, issueOf(older), RUN);
    expect(await newest()).toMatchObject({ issuedAt: old });
    await writeForecast(database, issueOf('2025-01-13T10:30:00.000Z'), RUN);
    expect(await newest()).toMatchObject({ issuedAt: '2025-01-13T10:30:00.000Z' });
  });

  it('are unknown for a model that has none', async () => {
    expect(await newest()).toBeUndefined();
  });
});

describe('the prediction service', () => {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'citibike-forecast-'));
  let service: OwnService | undefined;
  const start = async (env: Record<string, string>): Promise<void> => {
    service = await startOwnService({ INFERENCE_STATE_DIR: stateDir, ...env });
  };
  const forecast = (): Promise<Forecast> => createPredictionClient(service!.url).forecast();
  const issued = async (): Promise<string> => (await forecast()).issued_at;

  beforeAll(async () => {
    const files = tinyModelFiles({ base: 1 });
    const saved = { version: '1', generation: null, files, digest: digestOfFiles(files) };
    await new LastGoodModel(stateDir, OWN_MODEL).write(saved);
  });
  afterAll(async () => {
    await service?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it('follows issues, keeps the last one while Postgres is down, and serves it after a restart', async () => {
    const [first, second, third] = [hoursAgo(5), hoursAgo(2), hoursAgo(1)];
    const { hostname, port } = new URL(databaseUrl);
    const proxy = await SeverableProxy.before(hostname, Number(port));
    const proxied = new URL(databaseUrl);
    proxied.host = `127.0.0.1:${proxy.port}`;
    await start({ DATABASE_URL: proxied.href });
    const failure = () => forecast().then(String, (error: Error) => error.message);
    await expect.poll(failure).toContain('has been issued yet; issue one (run: citibike run forecast)');

    await writeForecast(database, issueOf(first), RUN);
    await expect.poll(() => issued().catch(() => ''), FOLLOWED).toBe(first);
    await writeForecast(database, issueOf(second), RUN);
    await expect.poll(issued, FOLLOWED).toBe(second);

    proxy.cut();
    await writeForecast(database, issueOf(third), RUN);
    expect(await forecast()).toMatchObject({ issued_at: second, stale: false, hours: { length: 72 } });
    expect(await service!.stop()).toBe(0);

    await start({});
    const { weather } = await forecast();
    expect(await forecast()).toMatchObject({ issued_at: second, version: '1' });
    const tomorrow = { date: `${weather[1]!.date}T08:00:00` };
    const { predictions } = await createPredictionClient(service!.url).predictTrip([tomorrow]);
    // 10 · TMAX + 1
    expect(predictions).toMatchObject([
      { prediction: 10 * weather[1]!.TMAX! + 1, weather: 'forecast', weather_issued_at: second },
    ]);
    expect(await service!.stop()).toBe(0);
    service = undefined;
    proxy.close();
  }, 120_000);

  it('follows in every process of a cluster', async () => {
    await start({ INFERENCE_WORKERS: '2', DATABASE_URL: databaseUrl });
    const newest = hoursAgo(0.5);
    await writeForecast(database, issueOf(newest), RUN);
    const issuedByCalls = () =>
      Promise.all(
        Array.from({ length: 10 }, async () => {
          // Each new connection goes to the next process.
          const answer = await fetch(`${service!.url}/v1/forecast`, { headers: { connection: 'close' } });
          return `${((await answer.json()) as Partial<Forecast>).issued_at} ${answer.headers.get('etag')}`;
        }),
      );
    await expect
      .poll(async () => new Set((await issuedByCalls()).map((one) => one.slice(0, 24))), FOLLOWED)
      .toEqual(new Set([newest]));
    expect(new Set(await issuedByCalls()).size).toBe(1);
    const metrics = await (await fetch(`${service!.url}/metrics`)).text();
    expect(metrics).toContain(
      `forecast_issued_timestamp_seconds{model="${OWN_MODEL}"} ${Date.parse(newest) / 1000}`,
    );
  }, 120_000);
});
