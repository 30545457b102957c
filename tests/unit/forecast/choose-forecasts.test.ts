import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chooseForecasts } from '../../../adapters/forecasts/choose-forecasts.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { allowing } from '../../fixtures/allow.ts';
import { countingServer, redirectTo } from '../../fixtures/counting-server.ts';

const PLACE = { timeZone: 'America/New_York', latitude: 40.7789, longitude: -73.9692 };
const CONTACT = 'ops@planted-contact.example';
const objects = undefined as unknown as ObjectStore;

function readerOf(address: string, allow: readonly string[], contact: string | undefined = CONTACT) {
  const source = allowing(() => allow).sources.check(address, 'WEATHER_FORECASTS');
  return chooseForecasts(source, { contact, objects });
}

/** Answers `/points/` with the address of the grid on the same server, and the rest by `grid`. */
const serviceWith =
  (grid: RequestListener): RequestListener =>
  (request, response) => {
    if (!request.url?.startsWith('/points/')) return grid(request, response);
    const origin = `http://${request.headers.host}`;
    response.end(JSON.stringify({ properties: { forecastGridData: `${origin}/gridpoints/OKX/33,37` } }));
  };

const status =
  (code: number): RequestListener =>
  (_request, response) => {
    response.writeHead(code, code === 503 ? { 'retry-after': '0' } : {}).end('<html>sorry</html>');
  };

describe('api.weather.gov', () => {
  it('is asked for the point, then for its grid, with a contact', async () => {
    const service = await countingServer(serviceWith((_request, response) => response.end('{"grid":1}')));
    const { text, fetchedAt } = await readerOf(service.origin, [service.origin]).fetch(PLACE);
    expect(text).toBe('{"grid":1}');
    expect(Date.now() - Date.parse(fetchedAt)).toBeLessThan(60_000);
    expect(service.requests.map((request) => request.path)).toEqual([
      '/points/40.7789,-73.9692',
      '/gridpoints/OKX/33,37',
    ]);
    expect(service.requests.every(({ headers }) => headers['user-agent'] === `citibike (${CONTACT})`)).toBe(
      true,
    );
  });

  it('requires a contact', async () => {
    const service = await countingServer(status(200));
    await expect(readerOf(service.origin, [service.origin], '').fetch(PLACE)).rejects.toMatchObject({
      code: 'BAD_SETTING',
      details: { name: 'WEATHER_CONTACT' },
    });
    expect(service.connections).toBe(0);
  });

  it.each([
    ['404', status(404), 'SOURCE_NOT_FOUND', 'HTTP 404'],
    ['403', status(403), 'UPSTREAM_REFUSED', 'HTTP 403'],
    ['503', status(503), 'SOURCE_UNAVAILABLE', 'HTTP 503'],
    [
      '301 to another address',
      redirectTo('http://127.0.0.1:9/planted-path', 301),
      'SOURCE_NOT_ALLOWED',
      'SOURCE_ALLOW',
    ],
  ])('that answers %s fails without the place, the path or the contact', async (_name, grid, code, text) => {
    const service = await countingServer(serviceWith(grid));
    const failure = await readerOf(service.origin, [service.origin])
      .fetch(PLACE)
      .catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(text) as string });
    const shown = JSON.stringify([failure, (failure as Error).message, String((failure as Error).cause)]);
    expect(shown).not.toMatch(/planted|40\.7789|gridpoints/);
  });

  it('that answers HTML instead of the point fails, and may pass', async () => {
    const service = await countingServer(status(200));
    await expect(readerOf(service.origin, [service.origin]).fetch(PLACE)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      retryable: true,
    });
  });

  it('may redirect within itself, and its contact goes nowhere else', async () => {
    const other = await countingServer((_request, response) => response.end('{}'));
    const service = await countingServer(
      serviceWith((request, response) =>
        redirectTo(request.url === '/gridpoints/OKX/33,37' ? '/moved' : `${other.origin}/grid`, 301)(
          request,
          response,
        ),
      ),
    );
    await readerOf(service.origin, [service.origin, other.origin]).fetch(PLACE);
    expect(service.requests.at(-1)).toMatchObject({
      path: '/moved',
      headers: { 'user-agent': `citibike (${CONTACT})` },
    });
    expect(other.requests[0]!.headers['user-agent']).not.toContain(CONTACT);
  });
});

describe('Open-Meteo', () => {
  it('is asked for days of the zone, and its key stays out of messages', async () => {
    const service = await countingServer((request, response) =>
      request.url?.includes('latitude=1') ? status(404)(request, response) : response.end('{"daily":1}'),
    );
    const reader = readerOf(`${service.origin}/v1/forecast?apikey=planted-key`, [service.origin], undefined);
    expect((await reader.fetch(PLACE)).text).toBe('{"daily":1}');
    const { searchParams } = new URL(service.requests[0]!.path, service.origin);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      apikey: 'planted-key',
      latitude: '40.7789',
      timezone: 'America/New_York',
      daily: expect.stringContaining('temperature_2m_max') as string,
    });
    const failure = await reader.fetch({ ...PLACE, latitude: 1 }).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(JSON.stringify([failure, (failure as Error).message])).not.toContain('planted');
  });
});

describe('files of forecasts', () => {
  const folder = () => mkdtempSync(path.join(tmpdir(), 'citibike-forecasts-'));
  const urlOf = (file: string) => pathToFileURL(file).href;

  it('are read from a folder, the newest first, or by name', async () => {
    const dir = folder();
    writeFileSync(path.join(dir, 'old.json'), '"old"');
    writeFileSync(path.join(dir, 'new.json'), '"new"');
    writeFileSync(path.join(dir, 'notes.txt'), 'no forecast');
    utimesSync(path.join(dir, 'old.json'), 1_700_000_000, 1_700_000_000);
    utimesSync(path.join(dir, 'new.json'), 1_700_003_600, 1_700_003_600);
    expect(await readerOf(urlOf(dir), []).fetch(PLACE)).toEqual({
      text: '"new"',
      fetchedAt: '2023-11-14T23:13:20.000Z',
    });
    expect((await readerOf(urlOf(path.join(dir, 'old.json')), []).fetch(PLACE)).text).toBe('"old"');
  });

  it('are rejected if they are larger than any forecast', async () => {
    const file = path.join(folder(), 'large.json');
    writeFileSync(file, ' '.repeat(8 * 2 ** 20 + 1));
    await expect(readerOf(urlOf(file), []).fetch(PLACE)).rejects.toMatchObject({ code: 'BAD_WEATHER' });
  });

  it('are missing from an empty folder', async () => {
    await expect(readerOf(urlOf(folder()), []).fetch(PLACE)).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
    });
  });
});
