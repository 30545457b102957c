/** Tests GET /v1/forecast: its answers and headers, and how the service follows issues and survives restarts. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DemandForecast } from '../../../contracts/demand-forecast.ts';
import { hashOfKey } from '../../../adapters/api-keys/api-key-file.ts';
import { LastForecast } from '../../../inference/last-forecast.ts';
import type { Forecast } from '../../../inference/schemas/forecast.ts';
import { forecastOf, MemoryForecasts } from '../../fixtures/memory-forecasts.ts';
import { followed, MODEL, startService, type Problem } from './test-service.ts';

const ISSUED = '2025-01-14T11:08:23.000Z';
const NEXT = '2025-01-14T12:31:00.000Z';

beforeEach(() => void vi.setSystemTime('2025-01-14T12:40:00Z'));
afterEach(() => void vi.useRealTimers());

interface Started {
  readonly app: FastifyInstance;
  readonly forecasts: MemoryForecasts;
  readonly stateDir: string;
}

async function start(
  options: {
    forecast?: DemandForecast | null;
    forecasts?: MemoryForecasts;
    stateDir?: string;
    overrides?: object;
  } = {},
): Promise<Started> {
  const stateDir = options.stateDir ?? mkdtempSync(path.join(tmpdir(), 'citibike-forecast-'));
  const forecasts = options.forecasts ?? new MemoryForecasts();
  const { forecast = forecastOf({ issuedAt: ISSUED }) } = options;
  if (forecast && !options.forecasts) forecasts.put(forecast);
  const { app } = await startService({
    stateDir,
    overrides: { forecast: forecasts.options(stateDir), ...options.overrides },
  });
  if (forecast) await followed(app, ISSUED);
  return { app, forecasts, stateDir };
}

const get = (app: FastifyInstance, query = '', headers = {}) =>
  app.inject({ url: `/v1/forecast${query}`, headers });

describe('GET /v1/forecast', () => {
  it('answers 72 hours with the 90 % interval by default, without a model', async () => {
    const { app } = await start();
    const answer = await get(app);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=60',
      etag: expect.stringMatching(/^W\/"[\w-]+"$/) as string,
    });
    const { hours, interval, age_seconds: age } = answer.json<Forecast>();
    expect([hours.length, interval, age]).toEqual([72, 0.9, 5_497]);
  });

  it.each([
    ['?hours=1', 1, 0.9],
    ['?hours=168&interval=0.5', 168, 0.5],
    ['?interval=0.80', 72, 0.8],
  ])('answers %s', async (query, count, share) => {
    const { app } = await start();
    const { hours, interval } = (await get(app, query)).json<Forecast>();
    expect([hours.length, interval]).toEqual([count, share]);
  });

  it.each([
    ['hours', '?hours=0'],
    ['hours', '?hours=169'],
    ['hours', '?hours=-1'],
    ['hours', '?hours=1.5'],
    ['hours', '?hours='],
    ['hours', '?hours=NaN'],
    ['hours', '?hours=true'],
    ['hours', '?hours=0x10'],
    ['hours', '?hours=%2072'],
    ['hours', '?hours=1e999'],
    ['hours', '?hours=72%00'],
    ['hours', '?hours=72&hours=72'],
    ['hours', `?hours=${'9'.repeat(2_000)}`],
    ['interval', '?interval=0.95'],
    ['interval', '?interval=90'],
    ['interval', '?interval='],
    ['interval', '?interval=__proto__'],
    ['interval', '?interval=0.9&interval=0.5'],
    ['hours[]', '?hours[]=72'],
    ['days', '?days=3'],
    ['__proto__', '?__proto__=1'],
  ])('rejects a wrong %s: %s', async (field, query) => {
    const { app } = await start();
    const answer = await get(app, query);
    const { type, errors } = answer.json<Problem>();
    expect([answer.statusCode, type]).toEqual([422, 'urn:citibike:problem:invalid-input']);
    expect(errors).toEqual([expect.objectContaining({ row: null, field })]);
    expect(answer.body.length).toBeLessThan(1_000);
  });

  it('names every wrong parameter and what was expected', async () => {
    const { app } = await start();
    const { errors } = (await get(app, '?hours=999&interval=2')).json<Problem>();
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'hours: expected a whole number of hours from 1 to 168; default: 72',
      'interval: expected one of 0.5, 0.8, 0.9, the share of hours within lower and upper; default: 0.9',
    ]);
  });

  it('answers HEAD without a body', async () => {
    const { app } = await start();
    const answer = await app.inject({ method: 'HEAD', url: '/v1/forecast' });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  });

  it('answers only callers with a key where keys are set, and keeps shared caches out', async () => {
    const key = 'a'.repeat(32);
    const apiKeys = { keys: [{ name: 'app', hash: hashOfKey(key), requestsPerSecond: undefined }] };
    const { app } = await start({ overrides: { apiKeys } });
    expect((await get(app)).statusCode).toBe(401);
    const answer = await get(app, '', { 'x-api-key': key });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'private, max-age=60']);
  });
});

describe('If-None-Match', () => {
  const statusFor = async (header: (etag: string) => string) => {
    const { app } = await start();
    const etag = (await get(app)).headers.etag as string;
    const answer = await get(app, '', { 'if-none-match': header(etag) });
    if (answer.statusCode === 304) {
      expect([answer.body, answer.headers.etag]).toEqual(['', etag]);
      // Callers would wait for a body of this length.
      expect(answer.headers).not.toHaveProperty('content-length');
      expect(answer.headers).not.toHaveProperty('content-type');
    }
    return answer.statusCode;
  };

  it.each<[string, (etag: string) => string]>([
    ['its ETag', (etag) => etag],
    ['its ETag without the weak mark', (etag) => etag.replace('W/', '')],
    ['a list with its ETag', (etag) => `"one", ${etag},W/"two"`],
    ['any', () => '*'],
  ])('gives 304 for %s', async (_what, header) => {
    expect(await statusFor(header)).toBe(304);
  });

  it.each<[string, (etag: string) => string]>([
    ['another ETag', () => 'W/"another"'],
    ['a part of its ETag', (etag) => etag.slice(0, -2)],
    ['an empty header', () => ''],
    ['a header that is no ETag', () => ',,"'],
  ])('gives 200 for %s', async (_what, header) => {
    expect(await statusFor(header)).toBe(200);
  });

  it('gives 200 with the next hour, and for another selection', async () => {
    const { app } = await start();
    const etag = (await get(app)).headers.etag as string;
    expect((await get(app, '?hours=71', { 'if-none-match': etag })).statusCode).toBe(200);
    vi.setSystemTime('2025-01-14T13:00:00Z');
    expect((await get(app, '', { 'if-none-match': etag })).statusCode).toBe(200);
  });
});

describe('a service without a forecast', () => {
  it('says how to issue one', async () => {
    const { app } = await start({ forecast: null });
    await expect.poll(async () => (await get(app)).json<Problem>().detail).toContain('No forecast of');
    const answer = await get(app);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '6']);
    expect(answer.json<Problem>()).toMatchObject({
      type: 'urn:citibike:problem:no-forecast',
      detail: `No forecast of ${MODEL} has been issued yet; issue one (run: citibike run forecast).`,
    });
  });

  it('says that Postgres has not answered', async () => {
    const forecasts = new MemoryForecasts();
    forecasts.isDown = true;
    const { app } = await start({ forecast: null, forecasts });
    const answer = await get(app);
    expect([answer.statusCode, answer.json<Problem>().detail]).toEqual([
      503,
      'The newest forecast is unknown: Postgres has not answered yet.',
    ]);
  });

  it('says that the last one has ended', async () => {
    const { app } = await start({ forecast: forecastOf({ issuedAt: ISSUED, count: 2 }) });
    vi.setSystemTime('2025-01-14T14:00:00Z');
    const answer = await get(app);
    expect([answer.statusCode, answer.json<Problem>().detail]).toEqual([
      503,
      `The newest forecast of ${MODEL} ended at 2025-01-14T14:00:00.000Z; issue a new one (run: citibike run forecast).`,
    ]);
  });
});

describe('the followed forecast', () => {
  it('is replaced by the next issue, and read once', async () => {
    const { app, forecasts } = await start();
    const etag = (await get(app)).headers.etag as string;
    forecasts.put(forecastOf({ issuedAt: NEXT }));
    await followed(app, NEXT);
    const answer = await get(app, '', { 'if-none-match': etag });
    expect([answer.statusCode, answer.json<Forecast>().issued_at]).toEqual([200, NEXT]);
    expect(forecasts.reads).toBe(2);
  });

  it('is read again where a newer version wrote the same issue', async () => {
    const { app, forecasts } = await start();
    vi.setSystemTime('2025-01-14T12:41:00Z');
    forecasts.put(forecastOf({ issuedAt: ISSUED, version: '2' }));
    await expect.poll(async () => (await get(app)).json<Forecast>().version).toBe('2');
  });

  it.each<[string, object]>([
    ['no hours', { hours: [] }],
    ['an unknown time zone', { timeZone: 'Mars/Base' }],
    ['weather of another form', { weather: [{ date: '2025-01-14' }] }],
    ['hours out of order', { hours: forecastOf({ issuedAt: NEXT }).hours.toReversed() }],
  ])('stays where the next one has %s', async (_what, change) => {
    const { app, forecasts } = await start();
    forecasts.put({ ...forecastOf({ issuedAt: NEXT }), ...change });
    await expect.poll(() => forecasts.reads).toBeGreaterThan(1);
    expect((await get(app)).json<Forecast>().issued_at).toBe(ISSUED);
  });

  it('stays, with its age, while Postgres is down, and where all issues were deleted', async () => {
    const { app, forecasts } = await start();
    forecasts.isDown = true;
    vi.setSystemTime('2025-01-15T12:40:00Z');
    expect((await get(app)).json<Forecast>()).toMatchObject({ stale: true, age_seconds: 91_897 });
    forecasts.isDown = false;
    forecasts.issue = undefined;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await get(app)).json<Forecast>().issued_at).toBe(ISSUED);
  });
});

describe('a restart', () => {
  const restart = (stateDir: string) => {
    const forecasts = new MemoryForecasts();
    forecasts.isDown = true;
    return startService({ stateDir, overrides: { forecast: forecasts.options(stateDir) } });
  };
  const savedIn = async () => {
    const { app, stateDir } = await start();
    await app.close();
    return { stateDir, file: new LastForecast(stateDir, MODEL).file };
  };

  it('serves the saved forecast while Postgres is down, to the same bytes', async () => {
    const { app, stateDir } = await start();
    const before = await get(app);
    await app.close();
    expect(readdirSync(stateDir)).toEqual([`${MODEL}.forecast.json`]);
    const { app: again } = await restart(stateDir);
    const after = await get(again);
    expect([after.body, after.headers.etag]).toEqual([before.body, before.headers.etag]);
  });

  it('does not read the saved issue from Postgres again', async () => {
    const { app, stateDir, forecasts } = await start();
    await app.close();
    const { app: again } = await startService({
      stateDir,
      overrides: { forecast: forecasts.options(stateDir) },
    });
    await followed(again, ISSUED);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(forecasts.reads).toBe(1);
  });

  it.each<[string, (text: string) => string]>([
    ['empty', () => ''],
    ['cut', (text) => text.slice(0, -100)],
    ['null', () => 'null'],
    ['changed', (text) => text.replace('1407', '9999')],
    ['of another layout', (text) => text.replace('"schemaVersion":1', '"schemaVersion":2')],
    ['of another model', (text) => text.replaceAll(MODEL, 'other-trips')],
  ])('starts without a saved forecast that is %s, and follows the next issue', async (_what, damage) => {
    const { stateDir, file } = await savedIn();
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    await expect(new LastForecast(stateDir, MODEL).read()).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
    });
    const { app } = await restart(stateDir);
    expect((await get(app)).statusCode).toBe(503);
    await app.close();
    const { app: healthy } = await start({ stateDir });
    expect((await get(healthy)).statusCode).toBe(200);
  });

  it('serves where the folder cannot be written', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'citibike-forecast-')), 'file');
    writeFileSync(file, '');
    const { app } = await start({ stateDir: file });
    expect((await get(app)).statusCode).toBe(200);
  });
});

describe('/metrics', () => {
  const forecastLines = async (app: FastifyInstance) =>
    (await app.inject('/metrics')).body
      .split('\n')
      .filter((line) => line.startsWith('forecast_'))
      .join('\n');

  it('tells issue time, age and staleness', async () => {
    const { app } = await start();
    expect(await forecastLines(app)).toBe(
      [
        `forecast_issued_timestamp_seconds{model="${MODEL}"} 1736852903`,
        `forecast_age_seconds{model="${MODEL}"} 5497`,
        `forecast_stale{model="${MODEL}"} 0`,
      ].join('\n'),
    );
    vi.setSystemTime('2025-01-15T12:40:00Z');
    expect(await forecastLines(app)).toContain(`forecast_stale{model="${MODEL}"} 1`);
  });

  it('has no value without a forecast', async () => {
    const { app } = await start({ forecast: null });
    expect(await forecastLines(app)).toBe('');
  });
});
