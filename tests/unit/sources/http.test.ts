import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadUrl } from '../../../adapters/sources/http.ts';
import { getDailySummaries } from '../../../adapters/sources/noaa.ts';
import { listSourceEntries } from '../../../adapters/sources/source.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';

let dir: string;
let server: Server | undefined;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'http-'));
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

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
    const entries = await listSourceEntries(`${base}/tripdata/`, [], access);
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

  it('that cannot be listed is asked for each name', async () => {
    const base = await serve((request, response) => {
      if (request.method === 'HEAD' && request.url === '/t/there.zip')
        response.writeHead(200, { 'content-length': '7', etag: '"e"' }).end();
      else response.writeHead(request.method === 'HEAD' ? 404 : 403).end();
    });
    expect(await listSourceEntries(`${base}/t`, ['there.zip', 'gone.zip'], access)).toEqual([
      { url: `${base}/t/there.zip`, name: 'there.zip', bytes: 7, etag: '"e"', modified: null },
    ]);
  });

  it('that answers 503 may answer later', async () => {
    const base = await serve((_request, response) => response.writeHead(503).end());
    await expect(listSourceEntries(base, ['a.zip'], access)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      retryable: true,
    });
  });
});

describe('a download', () => {
  it('is streamed to the file and its bytes are told', async () => {
    const base = await serve((_request, response) => response.end('hello'));
    const file = path.join(dir, 'f');
    let bytes = 0;
    await downloadUrl(`${base}/f`, file, { onBytes: (count) => (bytes += count) });
    expect([readFileSync(file, 'utf8'), bytes]).toEqual(['hello', 5]);
  });

  it('that breaks off may be tried again', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(downloadUrl(`${base}/f`, path.join(dir, 'f'))).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
  });

  it('that is not there is not tried again', async () => {
    const base = await serve((_request, response) => response.writeHead(404).end());
    await expect(downloadUrl(`${base}/f`, path.join(dir, 'f'))).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      retryable: false,
    });
  });

  it('stops when it is cancelled, with the reason given', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200);
      response.write('some');
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('cancelled')), 30);
    await expect(
      downloadUrl(`${base}/f`, path.join(dir, 'f'), { signal: controller.signal }),
    ).rejects.toThrow('cancelled');
  });
});

describe('NOAA’s access service', () => {
  it('is asked for one year of daily summaries in standard units', async () => {
    let asked = '';
    const base = await serve((request, response) => {
      asked = request.url ?? '';
      response.end('DATE\n');
    });
    await getDailySummaries(`${base}/v1`, 'USW00014732', 2024);
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
