import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { getDailySummaries } from '../../../adapters/sources/noaa.ts';
import { listSourceEntries } from '../../../adapters/sources/source.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { WEATHER_CSV_COLUMNS, type WeatherCsvColumn } from '../../../contracts/weather-columns.ts';
import { allowed } from '../../fixtures/allow.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NO_TOKEN = { token: undefined, service: 'https://www.ncei.noaa.gov/access/services/data/v1' };

const HEADER = `DATE,${WEATHER_CSV_COLUMNS.join(',')}`;
const lineOf = (date: string, values: Partial<Record<WeatherCsvColumn, number>>) =>
  [date, ...WEATHER_CSV_COLUMNS.map((column) => values[column] ?? '')].join(',');

const access = { objects: undefined as unknown as ObjectStore };

const content = (key: string) =>
  `<Contents><Key>${key}</Key><LastModified>2024-02-05T15:00:00.000Z</LastModified><ETag>&quot;abc&quot;</ETag><Size>42</Size></Contents>`;

describe('a web source', () => {
  it('is listed page by page as S3 lists a bucket', async () => {
    const asked: string[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url ?? '');
      const second = request.url?.includes('continuation-token=t%2B1');
      response.end(
        `<?xml version="1.0"?><ListBucketResult>${second ? content('b/JC-202402 &amp; co.zip') : content('a.zip')}` +
          `<IsTruncated>${second ? 'false' : 'true'}</IsTruncated>${second ? '' : '<NextContinuationToken>t+1</NextContinuationToken>'}</ListBucketResult>`,
      );
    });
    const entries = await listSourceEntries(allowed(`${base}/tripdata/`), [], access);
    expect(asked[0]).toBe('/tripdata?list-type=2');
    expect(entries).toEqual([
      {
        url: `${base}/tripdata/a.zip`,
        name: 'a.zip',
        bytes: 42,
        etag: '"abc"',
        modified: Date.parse('2024-02-05T15:00:00Z'),
      },
      expect.objectContaining({
        url: `${base}/tripdata/b/JC-202402%20%26%20co.zip`,
        name: 'JC-202402 & co.zip',
      }),
    ]);
  });

  it('without a listing is asked for each name', async () => {
    const base = await serve((request, response) => {
      if (request.method === 'HEAD' && request.url === '/t/there.zip')
        response.writeHead(200, { 'content-length': '7', etag: '"e"' }).end();
      else response.writeHead(request.method === 'HEAD' ? 404 : 403).end();
    });
    expect(await listSourceEntries(allowed(`${base}/t`), ['there.zip', 'gone.zip'], access)).toEqual([
      { url: `${base}/t/there.zip`, name: 'there.zip', bytes: 7, etag: '"e"', modified: null },
    ]);
  });

  const page = (inside: string) => `<?xml version="1.0"?><ListBucketResult>${inside}</ListBucketResult>`;

  it.each([
    ['is truncated', `<?xml version="1.0"?><ListBucketResult>${content('a.zip')}<Contents><Key>b`],
    ['announces more without a token', page(`${content('a.zip')}<IsTruncated>true</IsTruncated>`)],
  ])('whose listing %s is rejected as incomplete', async (_what, body) => {
    const base = await serve((_request, response) => response.end(body));
    await expect(listSourceEntries(allowed(base), [], access)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('is incomplete') as string,
    });
  });

  it('has no file with a name outside of it', async () => {
    const keys = ['../../202401-citibike-tripdata.zip', 'a/../../202402-citibike-tripdata.zip', 'b.zip'];
    const base = await serve((_request, response) => response.end(page(keys.map(content).join(''))));
    expect((await listSourceEntries(allowed(base), [], access)).map(({ name }) => name)).toEqual(['b.zip']);
  });

  it('that forbids listings may answer 403 for missing files, as S3 does', async () => {
    const base = await serve((request, response) =>
      response.writeHead(request.url === '/t/there.zip' ? 200 : 403).end(),
    );
    const found = await listSourceEntries(allowed(`${base}/t`), ['there.zip', 'gone.zip'], access);
    expect(found.map(({ name }) => name)).toEqual(['there.zip']);
    await expect(listSourceEntries(allowed(`${base}/u`), ['gone.zip'], access)).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
    });
  });

  it('that answers 503 once is retried', async () => {
    let asked = 0;
    const base = await serve((_request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(503).end();
      else response.end(page(content('a.zip')));
    });
    expect(await listSourceEntries(allowed(base), [], access)).toHaveLength(1);
  });

  it('that always answers 503 fails with a retryable error', async () => {
    const base = await serve((_request, response) => response.writeHead(503).end());
    await expect(listSourceEntries(allowed(base), ['a.zip'], access)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      retryable: true,
    });
  });
});

describe('NOAA’s access service', () => {
  it('is asked for one year of daily summaries in standard units', async () => {
    let asked = '';
    const base = await serve((request, response) => {
      asked = request.url ?? '';
      response.end('DATE\n');
    });
    await getDailySummaries(allowed(`${base}/v1`), {
      station: 'USW00014732',
      year: 2024,
      credential: NO_TOKEN,
    });
    const query = new URL(asked, base).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      dataset: 'daily-summaries',
      stations: 'USW00014732',
      startDate: '2024-01-01',
      endDate: '2024-12-31',
      units: 'standard',
      format: 'csv',
    });
  });
});

describe('NOAA’s CDO API', () => {
  const observation = (day: number, datatype: string, value: number) => ({
    date: `2024-01-${String(day).padStart(2, '0')}T00:00:00`,
    datatype,
    station: 'GHCND:USW00014732',
    attributes: ',,W,2400',
    value,
  });

  it('is read page by page with the token, one row per day', async () => {
    const asked: { offset: string | null; token: unknown; units: string | null }[] = [];
    const base = await serve((request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      asked.push({
        offset: query.get('offset'),
        token: request.headers['token'],
        units: query.get('units'),
      });
      const first = query.get('offset') === '1';
      const results = first
        ? [observation(1, 'TMAX', 52), observation(1, 'TMIN', 40)]
        : [observation(2, 'TMAX', 44), observation(2, 'TMIN', 35), observation(2, 'AWND', 20.4)];
      response.end(
        JSON.stringify({ metadata: { resultset: { offset: 1, count: 1003, limit: 1000 } }, results }),
      );
    });
    const csv = await getDailySummaries(allowed(`${base}/cdo-web/api/v2`), {
      station: 'USW00014732',
      year: 2024,
      credential: { token: 'secret', service: `${base}/cdo-web/api/v2` },
    });
    expect(asked).toEqual([
      { offset: '1', token: 'secret', units: 'standard' },
      { offset: '1001', token: 'secret', units: 'standard' },
    ]);
    expect(csv.split('\n')).toEqual([
      HEADER,
      lineOf('2024-01-01', { TMAX: 52, TMIN: 40 }),
      lineOf('2024-01-02', { AWND: 20.4, TMAX: 44, TMIN: 35 }),
    ]);
  });

  it('has nothing where it answers {}', async () => {
    const base = await serve((_request, response) => response.end('{}'));
    const credential = { token: 'secret', service: `${base}/cdo-web/api/v2` };
    const wanted = { station: 'USW00014732', year: 2024, credential };
    expect(await getDailySummaries(allowed(`${base}/cdo-web/api/v2/`), wanted)).toBe(HEADER);
  });

  it('is not called without a token, and the error names the setting', async () => {
    await expect(
      getDailySummaries(allowed('http://127.0.0.1:9/cdo-web/api/v2'), {
        station: 'USW00014732',
        year: 2024,
        credential: NO_TOKEN,
      }),
    ).rejects.toMatchObject({
      code: 'BAD_SETTING',
      message: expect.stringContaining('NOAA_TOKEN') as string,
    });
  });
});
