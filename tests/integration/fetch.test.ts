/** Tests that fetching happens once and resumes, with concurrent callers and killed processes. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { monthsOf } from '../../contracts/calendar.ts';
import { archive, fetchLab, NAME, sha256 } from '../fixtures/fetch-lab.ts';
import { environmentOf, run } from '../fixtures/run-activity.ts';
import { NO_REAL_DATA, realDataDir } from '../real-data.ts';
import { cutAfter, hangs } from '../unit/sources/archive-server.ts';
import { orSkip } from '../or-skip.ts';

const lab = fetchLab();
const { artifacts, buckets, get, keysUnder, list, listed, objects, publish, removeObject, worker } = lab;

describe('a file', () => {
  it('is stored by its digest, as published, with its origin', async () => {
    const content = await publish();
    const { ref, cached } = await get(await listed());
    expect(cached).toBe(false);
    expect(ref).toMatchObject({ sha256: sha256(content), bytes: content.length });
    expect(ref.uri).toBe(`s3://${buckets.data}/raw/tripdata/jc/2024/${sha256(content).slice(0, 12)}/${NAME}`);
    expect(Buffer.from(await objects.get(ref.uri)).equals(content)).toBe(true);
    expect((await artifacts.manifestOf(ref.uri)).facts).toMatchObject({
      source: `${lab.server.base}/${NAME}`,
      etag: lab.server.etagOf(NAME),
      publishedList: 'not listed',
    });
  });

  it('that did not change needs a listing and no download', async () => {
    await publish();
    const first = await get(await listed());
    lab.server.asked.length = 0;
    expect(await get(await listed())).toEqual({ ref: first.ref, cached: true });
    expect(lab.server.asked.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual(['GET /trips']);
  });

  it('that did not change needs one HEAD per name where the source has no listing', async () => {
    await publish();
    lab.server.listed = false;
    const first = await get(await listed());
    lab.server.asked.length = 0;
    expect((await get(await listed())).ref).toEqual(first.ref);
    expect(lab.server.gets(NAME)).toEqual([]);
    expect(lab.server.asked.filter(({ path: asked }) => asked.endsWith(NAME))).toMatchObject([
      { method: 'HEAD', bytes: 0 },
    ]);
  });

  it('that is republished is fetched again, to a key of its own', async () => {
    await publish();
    const first = await get(await listed());
    await publish();
    const second = await get(await listed());
    expect(second.cached).toBe(false);
    expect(second.ref.uri).not.toBe(first.ref.uri);
    expect(await objects.head(first.ref.uri)).toBeDefined();
  });

  it('reports its received and total bytes by heartbeats', async () => {
    const content = await publish(NAME, await archive(3_000_000));
    const file = await listed();
    lab.server.faults = [cutAfter(1_000_000, lab.server.etagOf(NAME))];
    const environment = environmentOf();
    const beats: unknown[] = [];
    environment.on('heartbeat', (details) => beats.push(details));
    await get(file, environment);
    expect(beats[0]).toEqual({ file: NAME, bytes: 0, total: content.length });
  });

  it('that changes between listing and download is fetched and cached in its new version', async () => {
    await publish();
    const old = await listed();
    const content = await publish();
    const { ref } = await get(old);
    expect(ref.sha256).toBe(sha256(content));
    lab.server.asked.length = 0;
    expect(await get(await listed())).toEqual({ ref, cached: true });
    expect(lab.server.gets(NAME)).toEqual([]);
  });

  it('that is removed between listing and download is reported as missing', async () => {
    await publish();
    const file = await listed();
    lab.server.files.clear();
    await expect(get(file)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it.each([
    '../../etc/passwd',
    'x/JC-202401-citibike-tripdata.csv.zip',
    '..\\JC-202401-citibike-tripdata.csv.zip',
  ])('named %s is rejected before any request', async (name) => {
    const file = {
      url: `${lab.server.base}/a`,
      name,
      month: '2024-01',
      kind: 'archive',
      bytes: 1,
      etag: null,
    } as const;
    await expect(
      run(lab.fetching.fetchFile, { system: 'jc', file, synthetic: false, cache: true }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(lab.server.asked).toEqual([]);
  });

  it('of an S3 folder is fetched, and its replacement after the listing is detected', async () => {
    const source = `s3://${buckets.data}/source`;
    const [content, replaced] = [await archive(), await archive()];
    await objects.put(`${source}/${NAME}`, content);
    const file = (await list(['2024-01'], 'jc', source)).months[0]!.files[0]!;
    expect((await get(file)).ref.sha256).toBe(sha256(content));
    expect((await get(file)).cached).toBe(true);

    await objects.put(`${source}/JC-202402-citibike-tripdata.csv.zip`, content);
    const february = (await list(['2024-02'], 'jc', source)).months[0]!.files[0]!;
    await objects.put(`${source}/JC-202402-citibike-tripdata.csv.zip`, replaced);
    expect((await get(february)).ref.sha256).toBe(sha256(replaced));
  });
});

describe('a download', () => {
  it('that is cut off resumes, and the file is whole', async () => {
    const content = await publish();
    const file = await listed();
    lab.server.faults = [cutAfter(100_000, lab.server.etagOf(NAME))];
    expect((await get(file)).ref.sha256).toBe(sha256(content));
    expect(lab.server.gets(NAME).map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
  });

  it('that is cancelled stops at once, and the next attempt requests only the rest', async () => {
    const content = await publish();
    const file = await listed();
    lab.server.faults = [
      (_request, response, body) => {
        response.writeHead(200, { etag: lab.server.etagOf(NAME), 'content-length': String(body!.length) });
        response.write(body!.subarray(0, 150_000));
        return true;
      },
    ];
    const environment = environmentOf();
    const attempt = get(file, environment);
    setTimeout(() => environment.cancel(), 300);
    const started = Date.now();
    await expect(attempt).rejects.toThrow(/CANCELLED|cancel/i);
    expect(Date.now() - started).toBeLessThan(2_000);
    expect((await get(file)).ref.sha256).toBe(sha256(content));
    expect(lab.server.gets(NAME)[1]).toMatchObject({
      range: 'bytes=150000-',
      bytes: content.length - 150_000,
    });
  });

  it('of a killed process is resumed by the next one', async () => {
    const content = await publish();
    const file = await listed();
    const sent = Promise.withResolvers<void>();
    lab.server.faults = [
      (_request, response, body) => {
        response.writeHead(200, { etag: lab.server.etagOf(NAME), 'content-length': String(body!.length) });
        response.write(body!.subarray(0, 150_000), () => setTimeout(sent.resolve, 500));
        return true;
      },
    ];
    const input = { system: 'jc', file, synthetic: false, cache: true };
    const script = path.join(import.meta.dirname, '..', 'fixtures', 'fetch-once.ts');
    const child = spawn(process.execPath, [script, JSON.stringify({ buckets, input })], { stdio: 'ignore' });
    const gone = once(child, 'exit');
    await sent.promise;
    child.kill('SIGKILL');
    await gone;
    expect((await get(file)).ref.sha256).toBe(sha256(content));
    expect(lab.server.gets(NAME)[1]).toMatchObject({ status: 206, range: 'bytes=150000-' });
  });

  it('of one file by several callers happens once, and a cancelled caller does not stop the others', async () => {
    const content = await publish();
    const file = await listed();
    lab.server.faults = [
      (_request, response, body) => {
        response.writeHead(200, { etag: lab.server.etagOf(NAME), 'content-length': String(body!.length) });
        response.write(body!.subarray(0, 100));
        setTimeout(() => response.end(body!.subarray(100)), 400);
        return true;
      },
    ];
    const environment = environmentOf();
    const cancelled = get(file, environment);
    const others = [get(file), get(file)];
    setTimeout(() => environment.cancel(), 150);
    await expect(cancelled).rejects.toThrow(/CANCELLED|cancel/i);
    for (const { ref } of await Promise.all(others)) expect(ref.sha256).toBe(sha256(content));
    expect(lab.server.gets(NAME)).toHaveLength(1);
  });

  it('by two workers at once is one object', async () => {
    const content = await publish();
    const file = await listed();
    const [one, two] = await Promise.all([get(file), get(file, undefined, worker())]);
    expect(one.ref).toEqual(two.ref);
    const keys = await keysUnder(`raw/tripdata/jc/2024/${sha256(content).slice(0, 12)}/`);
    expect(keys.filter((key) => key.endsWith('.zip'))).toHaveLength(1);
  });

  it('gives the same answer again when its worker died before the answer was stored', async () => {
    await publish();
    const file = await listed();
    const first = await get(file);
    // Simulates a death after the upload: the object exists, and the cache has no entry.
    const cacheless = await run(lab.fetching.fetchFile, {
      system: 'jc',
      file,
      synthetic: false,
      cache: false,
    });
    expect(cacheless).toEqual({ ref: first.ref, cached: false });
  });

  it('is repeated when its object was removed', async () => {
    const content = await publish();
    const file = await listed();
    const { ref } = await get(file);
    await removeObject(ref.uri);
    expect(await get(file)).toEqual({ ref, cached: false });
    expect(Buffer.from(await objects.get(ref.uri)).equals(content)).toBe(true);
  });

  it('that hangs can be cancelled', async () => {
    await publish();
    const file = await listed();
    lab.server.faults = [hangs(lab.server.etagOf(NAME))];
    const environment = environmentOf();
    setTimeout(() => environment.cancel(), 100);
    await expect(get(file, environment)).rejects.toThrow(/CANCELLED|cancel/i);
  });
});

describe('the archive of a year', () => {
  const YEAR = '2019-citibike-tripdata.zip';

  it('is downloaded once for twelve concurrent months, and is one object', async () => {
    const content = await publish(YEAR);
    const months = monthsOf({ from: '2019-01', to: '2019-12' });
    const listing = await list(months, 'nyc');
    const files = listing.months.map(({ files: own }) => own[0]!);
    expect(files.map(({ url, month, kind }) => [url, month, kind])).toEqual(
      months.map((month) => [`${lab.server.base}/${YEAR}#${month}`, month, 'archive']),
    );
    expect(listing.months[5]?.neighbours.map(({ url }) => url)).toEqual([
      `${lab.server.base}/${YEAR}#2019-05`,
      `${lab.server.base}/${YEAR}#2019-07`,
    ]);
    const refs = await Promise.all(files.map((file) => get(file)));
    expect(new Set(refs.map(({ ref }) => ref.uri)).size).toBe(1);
    expect(refs[0]?.ref.sha256).toBe(sha256(content));
    expect(lab.server.gets(YEAR)).toMatchObject([{ bytes: content.length }]);
  });

  it('is not downloaded again for later months', async () => {
    await publish(YEAR);
    const months = ['2019-03', '2019-04'];
    const files = (await list(months, 'nyc')).months.map(({ files: own }) => own[0]!);
    const first = await get(files[0]!);
    expect(await get(files[1]!)).toEqual({ ref: first.ref, cached: true });
    expect(lab.server.gets(YEAR)).toHaveLength(1);
  });

  it('has lower priority than a month’s own archive', async () => {
    await publish(YEAR);
    await publish('201906-citibike-tripdata.zip');
    const { months } = await list(['2019-05', '2019-06'], 'nyc');
    expect(months.map(({ files }) => files[0]!.name)).toEqual([YEAR, '201906-citibike-tripdata.zip']);
    expect(months[0]?.neighbours.map(({ url }) => url)).toEqual([
      `${lab.server.base}/${YEAR}#2019-04`,
      `${lab.server.base}/201906-citibike-tripdata.zip`,
    ]);
  });
});

const data = realDataDir();
describe.skipIf(!data)(orSkip('real archives', !data && NO_REAL_DATA), () => {
  it('are all fetched, and compared with the publisher’s list of MD5s', async () => {
    const folder = path.join(data!, 'tripdata');
    const names = readdirSync(folder).filter((name) => name.endsWith('.zip'));
    const months = names.map((name) => name.slice(3, 9).replace(/^(\d{4})/, '$1-')).sort();
    const source = pathToFileURL(folder).href;
    const listing = await list(months, 'jc', source);
    expect(listing.missing).toEqual([]);
    const compared: Record<string, unknown> = {};
    for (const { month, files } of listing.months) {
      const { ref }: { ref: ArtifactRef } = await get(files[0]!);
      compared[month] = (await artifacts.manifestOf(ref.uri)).facts['publishedList'];
    }
    const published = readFileSync(path.join(folder, 'official-md5-size.txt'), 'utf8');
    const expected = names.map((name) => {
      const bytes = readFileSync(path.join(folder, name));
      const [md5, size] =
        published
          .split('\n')
          .find((line) => line.endsWith(` ${name}`))
          ?.split(' ') ?? [];
      const isSame = md5 === createHash('md5').update(bytes).digest('hex');
      const said = size === undefined ? 'not listed' : isSame ? 'as listed' : 'republished';
      return [name.slice(3, 9).replace(/^(\d{4})/, '$1-'), said];
    });
    expect(compared).toEqual(Object.fromEntries(expected));
    expect(Object.values(compared)).toContain('as listed');
  });

  it('that a folder has under two names count once, the newest', async () => {
    const name = 'JC-202402-citibike-tripdata.csv.zip';
    mkdirSync(path.join(lab.dir, 'older'));
    copyFileSync(path.join(data!, 'tripdata', name), path.join(lab.dir, 'older', name));
    copyFileSync(path.join(data!, 'tripdata', name), path.join(lab.dir, 'JC-202402-citibike-tripdata.zip'));
    const { months } = await list(['2024-02'], 'jc', pathToFileURL(lab.dir).href);
    expect(months[0]?.files.map((file) => file.name)).toEqual(['JC-202402-citibike-tripdata.zip']);
  });
});
