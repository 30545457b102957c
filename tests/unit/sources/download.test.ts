import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, utimesSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadOptions } from '../../../adapters/sources/download.ts';
import { describeSource, downloadFromSource } from '../../../adapters/sources/source.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { allowed } from '../../fixtures/allow.ts';
import { answers, ArchiveServer, cutAfter, fails, hangs } from './archive-server.ts';

const NAME = '202401-citibike-tripdata.zip';
const content = randomBytes(1_000_000);
const md5 = createHash('md5').update(content).digest('hex');

let dir: string;
let target: string;
let server: ArchiveServer;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'download-'));
  target = path.join(dir, 'partial');
  server = await new ArchiveServer().start();
  server.files.set(NAME, content);
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.stop();
});

function get(
  { url = `${server.base}/${NAME}`, ...options }: Partial<DownloadOptions> = {},
  signal?: AbortSignal,
) {
  const access = { objects: undefined as unknown as ObjectStore, signal };
  return downloadFromSource(allowed(url), target, access, {
    etag: server.etagOf(NAME),
    bytes: content.length,
    retry: { attempts: 3, firstDelayMs: 1 },
    ...options,
  });
}

describe('a download', () => {
  it('arrives whole, with its MD5 and that of its ETag, and reports its bytes', async () => {
    const told: [number, number | null][] = [];
    const got = await get({ onBytes: (...bytes) => told.push(bytes) });
    expect(got).toEqual({
      etag: `"${md5}"`,
      bytes: content.length,
      md5,
      expectedMd5: md5,
      resumed: false,
    });
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(told.at(-1)).toEqual([content.length, content.length]);
  });

  it('that is cut off requests only the rest', async () => {
    server.faults = [cutAfter(400_000, server.etagOf(NAME))];
    const got = await get();
    expect(got).toMatchObject({ bytes: content.length, md5, resumed: true });
    const asked = server.gets(NAME);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ status: 206 });
    // Bytes that were under way when the connection broke may be lost.
    const from = Number(/^bytes=(\d+)-$/.exec(asked[1]!.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(400_000);
    expect(asked[1]!.bytes).toBe(content.length - from);
  });

  it('continues after the bytes of an earlier attempt', async () => {
    writeFileSync(target, content.subarray(0, 999_000));
    expect(await get()).toMatchObject({ bytes: content.length, md5, resumed: true });
    expect(server.gets(NAME)).toMatchObject([{ range: 'bytes=999000-', bytes: 1_000 }]);
  });

  it('that an earlier attempt completed sends no request', async () => {
    writeFileSync(target, content);
    expect(await get()).toMatchObject({ bytes: content.length, md5 });
    expect(server.asked).toEqual([]);
  });

  it('from a server without ranges starts again, without duplicate bytes', async () => {
    server.ranges = false;
    server.faults = [cutAfter(400_000, server.etagOf(NAME))];
    expect(await get()).toMatchObject({ bytes: content.length, md5, resumed: false });
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('starts again if the partial file is longer than the file', async () => {
    writeFileSync(target, Buffer.concat([content, content]));
    server.faults = [fails(416)];
    expect(await get()).toMatchObject({ bytes: content.length, md5 });
  });

  it('is retried after errors of the server', async () => {
    server.faults = [fails(500), fails(503)];
    expect(await get()).toMatchObject({ md5 });
  });

  it('fails with a retryable error after a number of failures in a row', async () => {
    server.faults = [fails(500), fails(500), fails(500)];
    await expect(get()).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE', retryable: true });
    expect(server.asked).toHaveLength(3);
  });

  it('continues if it progresses between failures', async () => {
    const etag = server.etagOf(NAME);
    server.faults = Array.from({ length: 6 }, () => cutAfter(100_000, etag));
    expect(await get()).toMatchObject({ md5, resumed: true });
    expect(server.gets(NAME)).toHaveLength(7);
  });

  it('of a missing file is not retried', async () => {
    await expect(get({ url: `${server.base}/gone.zip` })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      retryable: false,
    });
    expect(server.asked).toHaveLength(1);
  });

  it('of another version than the listed one is rejected before any byte is stored', async () => {
    await expect(get({ etag: '"another"' })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { changed: `${server.base}/${NAME}` },
    });
    expect(readFileSync(target)).toHaveLength(0);
  });

  it('of a file that is replaced during an interruption is rejected, and versions never mix', async () => {
    const etag = server.etagOf(NAME);
    server.faults = [
      (request, response, file) => {
        const cut = cutAfter(400_000, etag)(request, response, file);
        server.files.set(NAME, randomBytes(1_000_000));
        return cut;
      },
    ];
    await expect(get({ etag })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('without a version starts again, whatever the partial file has', async () => {
    writeFileSync(target, 'something else');
    expect(await get({ etag: null, bytes: null })).toMatchObject({ md5, resumed: false });
  });

  it('that ends early without a known length is retried', async () => {
    const etag = server.etagOf(NAME);
    server.faults = [
      (_request, response, file) => {
        // In the style of HTTP/1.0, the end of the connection is the end of the file.
        response.shouldKeepAlive = false;
        response.useChunkedEncodingByDefault = false;
        response.writeHead(200, { etag });
        response.end(file!.subarray(0, 300_000));
        return true;
      },
    ];
    expect(await get()).toMatchObject({ bytes: content.length, md5, resumed: true });
  });

  it('that does not end stops one byte beyond its announced size', async () => {
    const endless = Buffer.alloc(3_000_000);
    server.faults = [answers(endless)];
    const got = await get();
    expect(got.bytes).toBeGreaterThan(content.length);
    expect(got.bytes).toBeLessThan(endless.length);
  });

  it('that hangs fails as stalled', async () => {
    const etag = server.etagOf(NAME);
    server.faults = [hangs(etag), hangs(etag), hangs(etag)];
    await expect(get({ stallMs: 50 })).rejects.toThrow(/sent no byte for 0.05 s/);
  });

  it('stops with the reason when it is cancelled, and keeps its bytes', async () => {
    server.faults = [hangs(server.etagOf(NAME))];
    const controller = new AbortController();
    const download = expect(get({}, controller.signal)).rejects.toThrow('cancelled');
    await expect.poll(() => statSync(target, { throwIfNoEntry: false })?.size).toBe(10);
    controller.abort(new Error('cancelled'));
    await download;
    expect(readFileSync(target)).toHaveLength(10);
  });
});

describe('a download of a local file', () => {
  let url: string;
  beforeEach(() => {
    writeFileSync(path.join(dir, NAME), content);
    url = pathToFileURL(path.join(dir, NAME)).href;
  });
  const access = { objects: undefined as unknown as ObjectStore };

  it('is a copy, and resumes like any other', async () => {
    writeFileSync(target, content.subarray(0, 10));
    const { etag } = (await describeSource(allowed(url), access))!;
    const got = await get({ url, etag });
    expect(got).toMatchObject({ bytes: content.length, md5, expectedMd5: null, resumed: true });
  });

  it('of a file that changed after its listing is rejected', async () => {
    const { etag } = (await describeSource(allowed(url), access))!;
    utimesSync(path.join(dir, NAME), new Date(), new Date(Date.now() + 60_000));
    await expect(get({ url, etag })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('of a file that changes during the copy is rejected', async () => {
    const { etag } = (await describeSource(allowed(url), access))!;
    const onBytes = () => writeFileSync(path.join(dir, NAME), randomBytes(1_000_000));
    await expect(get({ url, etag, onBytes })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
