/** Fetching against a web server that counts and misbehaves, and the stack's S3, in buckets of their own. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { createFetchActivities } from '../../activities/fetch/index.ts';
import { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { zipOf } from '../../adapters/sources/zip-writer.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { monthsOf } from '../../contracts/months.ts';
import type { FetchActivities, SourceFile } from '../../contracts/stages.ts';
import { loadSettings } from '../../settings.ts';
import { NO_REAL_DATA, realDataDir } from '../real-data.ts';
import { answers, ArchiveServer, cutAfter, hangs } from '../unit/sources/archive-server.ts';

const settings = loadSettings();
const suffix = randomBytes(4).toString('hex');
const buckets = {
  artifacts: `test-artifacts-${suffix}`,
  mlflow: `test-mlflow-${suffix}`,
  data: `test-data-${suffix}`,
};
const objects = new ObjectStore({ ...settings.s3, buckets });
const artifacts = new ArtifactStore(objects);

/** Activities are plain functions, handed on one by one. */
type Unbound<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (this: void, ...args: A) => R : never;
};

function worker(sources: Partial<ActivityDependencies['sources']> = {}): Unbound<FetchActivities> {
  return createFetchActivities({
    artifacts,
    codeVersion: 'test',
    sources: {
      trips: 'http://127.0.0.1:9/trips',
      weather: 'http://127.0.0.1:9/weather',
      weatherStation: 'USW00014732',
      ...sources,
    },
  } as ActivityDependencies);
}

const environmentOf = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

function run<I, O>(
  activity: (input: I) => Promise<O>,
  input: I,
  environment: MockActivityEnvironment = environmentOf(),
): Promise<O> {
  return environment.run<[I], O, (input: I) => Promise<O>>(activity, input);
}

let fetching: Unbound<FetchActivities>;
let server: ArchiveServer;
let dir: string;

beforeAll(async () => {
  await Promise.all(Object.values(buckets).map((bucket) => objects.ensureBucket(bucket)));
});
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'fetch-'));
  server = await new ArchiveServer().start();
  fetching = worker();
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await server.stop();
});
afterAll(async () => {
  objects.close();
  await removeBuckets();
});

/** A zip that deflate cannot make smaller, different every time. */
const archive = (bytes = 200_000) =>
  zipOf([{ name: 'a.csv', content: Buffer.from(randomBytes(bytes).toString('base64')) }], '2024-02-05');

const NAME = 'JC-202401-citibike-tripdata.csv.zip';

async function publish(name = NAME, content?: Buffer): Promise<Buffer> {
  const body = content ?? (await archive());
  server.files.set(name, body);
  return body;
}

async function list(months = ['2024-01'], system: 'jc' | 'nyc' = 'jc', source = server.base) {
  const listing = await run(fetching.listSource, { system, months, source, allowMissing: false });
  const filesAt = (places: readonly number[]) => places.map((place) => listing.files[place]!);
  return {
    ...listing,
    months: listing.months.map((month) => ({
      ...month,
      files: filesAt(month.files),
      neighbours: filesAt(month.neighbours),
    })),
  };
}

async function listed(): Promise<SourceFile> {
  return (await list()).months[0]!.files[0]!;
}

const get = (file: SourceFile, environment?: MockActivityEnvironment, from = fetching) =>
  run(
    from.fetchFile,
    {
      system: file.name.startsWith('JC-') ? ('jc' as const) : ('nyc' as const),
      file,
      synthetic: false,
      cache: true,
    },
    environment,
  );

async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const object of objects.list(`s3://${buckets.data}/${prefix}`))
    keys.push(object.uri.slice(`s3://${buckets.data}/`.length));
  return keys;
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('a file', () => {
  it('is stored by its digest, as published, with where it came from', async () => {
    const content = await publish();
    const { ref, cached } = await get(await listed());
    expect(cached).toBe(false);
    expect(ref).toMatchObject({ sha256: sha256(content), bytes: content.length });
    expect(ref.uri).toBe(`s3://${buckets.data}/raw/tripdata/jc/2024/${sha256(content).slice(0, 12)}/${NAME}`);
    expect(Buffer.from(await objects.get(ref.uri)).equals(content)).toBe(true);
    expect((await artifacts.manifestOf(ref.uri)).facts).toMatchObject({
      source: `${server.base}/${NAME}`,
      etag: server.etagOf(NAME),
      publishedList: 'not listed',
    });
  });

  it('that did not change costs a listing and no download', async () => {
    await publish();
    const first = await get(await listed());
    server.asked.length = 0;
    expect(await get(await listed())).toEqual({ ref: first.ref, cached: true });
    expect(server.asked.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual(['GET /trips']);
  });

  it('that did not change costs a HEAD a name where the source cannot be listed', async () => {
    await publish();
    server.listed = false;
    const first = await get(await listed());
    server.asked.length = 0;
    expect((await get(await listed())).ref).toEqual(first.ref);
    expect(server.gets(NAME)).toEqual([]);
    expect(server.asked.filter(({ path: asked }) => asked.endsWith(NAME))).toMatchObject([
      { method: 'HEAD', bytes: 0 },
    ]);
  });

  it('published anew is fetched again, to a key of its own', async () => {
    await publish();
    const first = await get(await listed());
    await publish();
    const second = await get(await listed());
    expect(second.cached).toBe(false);
    expect(second.ref.uri).not.toBe(first.ref.uri);
    expect(await objects.head(first.ref.uri)).toBeDefined();
  });

  it('told of by heartbeats says how many bytes of how many are there', async () => {
    const content = await publish(NAME, await archive(3_000_000));
    const file = await listed();
    server.faults = [cutAfter(1_000_000, server.etagOf(NAME))];
    const environment = environmentOf();
    const beats: unknown[] = [];
    environment.on('heartbeat', (details) => beats.push(details));
    await get(file, environment);
    expect(beats[0]).toEqual({ file: NAME, bytes: 0, total: content.length });
  });

  it('changed between listing and download is fetched as it is now, and cached as that', async () => {
    await publish();
    const old = await listed();
    const content = await publish();
    const { ref } = await get(old);
    expect(ref.sha256).toBe(sha256(content));
    server.asked.length = 0;
    expect(await get(await listed())).toEqual({ ref, cached: true });
    expect(server.gets(NAME)).toEqual([]);
  });

  it('removed between listing and download is said to be gone', async () => {
    await publish();
    const file = await listed();
    server.files.clear();
    await expect(get(file)).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it.each([
    '../../etc/passwd',
    'x/JC-202401-citibike-tripdata.csv.zip',
    '..\\JC-202401-citibike-tripdata.csv.zip',
  ])('named %s is refused before anything is asked', async (name) => {
    const file = {
      url: `${server.base}/a`,
      name,
      month: '2024-01',
      kind: 'archive',
      bytes: 1,
      etag: null,
    } as const;
    await expect(
      run(fetching.fetchFile, { system: 'jc', file, synthetic: false, cache: true }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(server.asked).toEqual([]);
  });

  it('of an S3 folder is fetched, and its replacement after the listing noticed', async () => {
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
  it('cut off resumes, and the file is whole', async () => {
    const content = await publish();
    const file = await listed();
    server.faults = [cutAfter(100_000, server.etagOf(NAME))];
    expect((await get(file)).ref.sha256).toBe(sha256(content));
    expect(server.gets(NAME).map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
  });

  it('cancelled stops at once, and the next attempt asks for the rest only', async () => {
    const content = await publish();
    const file = await listed();
    server.faults = [
      (_request, response, body) => {
        response.writeHead(200, { etag: server.etagOf(NAME), 'content-length': String(body!.length) });
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
    expect(server.gets(NAME)[1]).toMatchObject({ range: 'bytes=150000-', bytes: content.length - 150_000 });
  });

  it('of a process that is killed is taken up by the next one where it was', async () => {
    const content = await publish();
    const file = await listed();
    const sent = Promise.withResolvers<void>();
    server.faults = [
      (_request, response, body) => {
        response.writeHead(200, { etag: server.etagOf(NAME), 'content-length': String(body!.length) });
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
    expect(server.gets(NAME)[1]).toMatchObject({ status: 206, range: 'bytes=150000-' });
  });

  it('of one file by several at once happens once, and one who is cancelled does not stop the others', async () => {
    const content = await publish();
    const file = await listed();
    server.faults = [
      (_request, response, body) => {
        response.writeHead(200, { etag: server.etagOf(NAME), 'content-length': String(body!.length) });
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
    expect(server.gets(NAME)).toHaveLength(1);
  });

  it('by two workers at once is one object', async () => {
    const content = await publish();
    const file = await listed();
    const [one, two] = await Promise.all([get(file), get(file, undefined, worker())]);
    expect(one.ref).toEqual(two.ref);
    const keys = await keysUnder(`raw/tripdata/jc/2024/${sha256(content).slice(0, 12)}/`);
    expect(keys.filter((key) => key.endsWith('.zip'))).toHaveLength(1);
  });

  it('whose worker died before its answer was kept gives the same answer again', async () => {
    await publish();
    const file = await listed();
    const first = await get(file);
    // As if it had died behind the upload: the object is there, the cache knows nothing.
    const cacheless = await run(fetching.fetchFile, { system: 'jc', file, synthetic: false, cache: false });
    expect(cacheless).toEqual({ ref: first.ref, cached: false });
  });

  it('whose object was removed since is made again', async () => {
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
    server.faults = [hangs(server.etagOf(NAME))];
    const environment = environmentOf();
    setTimeout(() => environment.cancel(), 100);
    await expect(get(file, environment)).rejects.toThrow(/CANCELLED|cancel/i);
  });
});

describe('a broken file', () => {
  /** The quarantined copy's key, of a fetch that must fail. */
  async function refusal(file: SourceFile): Promise<{ message: string; quarantine: string }> {
    const thrown: unknown = await get(file).then(
      () => new Error('was not refused'),
      (error: unknown) => error,
    );
    const error = thrown as { code: string; message: string; details: { quarantine: string } };
    expect(error.code).toBe('BAD_ARCHIVE');
    expect(await objects.head(error.details.quarantine)).toBeDefined();
    expect(await objects.head(`${error.details.quarantine}.reason.json`)).toBeDefined();
    return { message: error.message, quarantine: error.details.quarantine };
  }

  it('that is an HTML page goes to quarantine', async () => {
    await publish();
    const file = await listed();
    const page = '<!DOCTYPE html><title>Access denied</title>';
    server.faults = [answers(page)];
    expect((await refusal(file)).message).toMatch(/JC-202401.*an HTML or XML page instead of a zip/);
  });

  it('shorter than the source’s listing says goes to quarantine', async () => {
    const content = await publish();
    const file = await listed();
    server.faults = [answers(content.subarray(0, 1000))];
    expect((await refusal(file)).message).toMatch(/truncated: the source says \d+ bytes, 1000 arrived/);
  });

  it('longer than the source’s listing says goes to quarantine', async () => {
    const content = await publish();
    const file = await listed();
    server.faults = [answers(Buffer.concat([content, content]))];
    expect((await refusal(file)).message).toMatch(/longer than announced/);
  });

  it('damaged on the way is fetched once more, and refused when it stays so', async () => {
    const content = await publish();
    const file = await listed();
    const etag = server.etagOf(NAME);
    const damaged = Buffer.from(content);
    damaged[5000]! ^= 1;
    server.faults = [answers(damaged, { etag })];
    expect((await get(file)).ref.sha256).toBe(sha256(content));

    await publish();
    const other = await listed();
    const otherEtag = server.etagOf(NAME);
    server.asked.length = 0;
    server.faults = [answers(content, { etag: otherEtag }), answers(content, { etag: otherEtag })];
    expect((await refusal({ ...other, bytes: content.length })).message).toMatch(
      /damaged: the source's ETag is MD5/,
    );
    expect(server.gets(NAME)).toHaveLength(2);
  });

  it('with another MD5 than the publisher’s list gives for its size is refused', async () => {
    const content = await publish();
    server.files.set('official-md5-size.txt', Buffer.from(`${'0'.repeat(32)} ${content.length} ${NAME}\n`));
    expect((await refusal(await listed())).message).toMatch(/damaged: the source's list of MD5s/);
  });

  it('is let through when the list gives another size: it was published anew', async () => {
    await publish();
    server.files.set('official-md5-size.txt', Buffer.from(`${'0'.repeat(32)} 12 ${NAME}\n`));
    const { ref } = await get(await listed());
    expect((await artifacts.manifestOf(ref.uri)).facts['publishedList']).toBe('republished');
  });
});

describe('the archive of a year', () => {
  const YEAR = '2019-citibike-tripdata.zip';

  it('is downloaded once for its twelve months at once, and is one object', async () => {
    const content = await publish(YEAR);
    const months = monthsOf({ from: '2019-01', to: '2019-12' });
    const listing = await list(months, 'nyc');
    const files = listing.months.map(({ files: own }) => own[0]!);
    expect(files.map(({ url, month, kind }) => [url, month, kind])).toEqual(
      months.map((month) => [`${server.base}/${YEAR}#${month}`, month, 'archive']),
    );
    expect(listing.months[5]?.neighbours.map(({ url }) => url)).toEqual([
      `${server.base}/${YEAR}#2019-05`,
      `${server.base}/${YEAR}#2019-07`,
    ]);
    const refs = await Promise.all(files.map((file) => get(file)));
    expect(new Set(refs.map(({ ref }) => ref.uri)).size).toBe(1);
    expect(refs[0]?.ref.sha256).toBe(sha256(content));
    expect(server.gets(YEAR)).toMatchObject([{ bytes: content.length }]);
  });

  it('asked for again month by month is not downloaded again', async () => {
    await publish(YEAR);
    const months = ['2019-03', '2019-04'];
    const files = (await list(months, 'nyc')).months.map(({ files: own }) => own[0]!);
    const first = await get(files[0]!);
    expect(await get(files[1]!)).toEqual({ ref: first.ref, cached: true });
    expect(server.gets(YEAR)).toHaveLength(1);
  });

  it('comes after a month’s own archive', async () => {
    await publish(YEAR);
    await publish('201906-citibike-tripdata.zip');
    const { months } = await list(['2019-05', '2019-06'], 'nyc');
    expect(months.map(({ files }) => files[0]!.name)).toEqual([YEAR, '201906-citibike-tripdata.zip']);
    expect(months[0]?.neighbours.map(({ url }) => url)).toEqual([
      `${server.base}/${YEAR}#2019-04`,
      `${server.base}/201906-citibike-tripdata.zip`,
    ]);
  });
});

describe('weather', () => {
  const header = 'DATE,AWND,PRCP,SNOW,SNWD,TAVG,TMAX,TMIN';

  async function weatherOf(csv: string, units: 'auto' | 'metric' = 'auto'): Promise<string> {
    writeFileSync(path.join(dir, 'weather-daily-2024.csv'), csv);
    const source = pathToFileURL(dir).href;
    const activities = worker({ weatherUnits: units });
    const answer = await run(activities.fetchWeather, {
      years: [2024],
      source,
      synthetic: false,
      required: true,
      cache: true,
    });
    return Buffer.from(await objects.get(answer.weather[0]!.ref.uri)).toString('utf8');
  }

  it('of a year that the source lacks is refused where it is required, and left out where it is not', async () => {
    writeFileSync(path.join(dir, 'weather-daily-2024.csv'), `${header}\n2024-07-01,5,0,0,0,,86,70\n`);
    const asked = { years: [2016], source: pathToFileURL(dir).href, synthetic: false, cache: true };
    await expect(run(fetching.fetchWeather, { ...asked, required: true })).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      message: expect.stringContaining('no daily weather for 2016') as string,
    });
    const { weather } = await run(fetching.fetchWeather, { ...asked, years: [2016, 2024], required: false });
    expect(weather.map(({ year }) => year)).toEqual([2024]);
  });

  it('of a metric file becomes °F, inches and mph', async () => {
    const july = Array.from(
      { length: 20 },
      (_, i) => `2024-07-${String(i + 1).padStart(2, '0')},5,2.5,0,0,,30,21`,
    );
    const stored = await weatherOf([header, ...july].join('\n'));
    expect(stored.split('\n').slice(0, 2)).toEqual([header, '2024-07-01,11.2,0.1,0,0,,86,69.8']);
  });

  it('of a few winter days is read in the units that are set', async () => {
    const stored = await weatherOf('DATE,TMAX,TMIN\n2024-01-02,10,5\n', 'metric');
    expect(stored.split('\n')[1]).toBe('2024-01-02,,,,,,50,41');
  });

  it('of a service that answers in °C, though asked for °F, is converted', async () => {
    const july = Array.from({ length: 20 }, (_, i) => `2024-07-${String(i + 1).padStart(2, '0')},30,21.1`);
    server.faults = [answers(['DATE,TMAX,TMIN', ...july].join('\n'))];
    const activities = worker({ weather: `${server.base}/data/v1` });
    const { weather } = await run(activities.fetchWeather, {
      years: [2024],
      synthetic: false,
      required: true,
      cache: true,
    });
    const stored = Buffer.from(await objects.get(weather[0]!.ref.uri)).toString('utf8');
    expect(stored.split('\n')[1]).toBe('2024-07-01,,,,,,86,70');
    expect((await artifacts.manifestOf(weather[0]!.ref.uri)).facts['writtenIn']).toEqual(['metric']);
  });

  it('comes from the CDO API with the token', async () => {
    const day = (datatype: string, value: number) => ({ date: '2024-01-02T00:00:00', datatype, value });
    let token: unknown;
    server.faults = [
      (request, response) => {
        token = request.headers['token'];
        const results = [day('TMAX', 52), day('TMIN', 40), day('PRCP', 0.12)];
        response.end(JSON.stringify({ metadata: { resultset: { count: 3 } }, results }));
        return true;
      },
    ];
    const activities = worker({
      weather: `${server.base}/cdo-web/api/v2`,
      noaaToken: 'secret',
    });
    const { weather } = await run(activities.fetchWeather, {
      years: [2024],
      synthetic: false,
      required: true,
      cache: true,
    });
    const stored = Buffer.from(await objects.get(weather[0]!.ref.uri)).toString('utf8');
    expect([token, stored.split('\n')[1]]).toEqual(['secret', '2024-01-02,,0.12,,,,52,40']);
    expect(JSON.stringify(await artifacts.manifestOf(weather[0]!.ref.uri))).not.toContain('secret');
  });
});

const data = realDataDir();
describe.skipIf(!data)(`real archives (${data ? 'present' : NO_REAL_DATA})`, () => {
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
    const republished = Object.keys(compared).filter((month) => compared[month] === 'republished');
    expect(Object.keys(compared)).toHaveLength(names.length);
    // These are of another size than the list says; the others are exactly as listed.
    expect(republished).toEqual(['2016-03', '2019-01', '2021-02', '2025-03']);
    expect(Object.values(compared).filter((each) => each === 'as listed')).toHaveLength(names.length - 4);
  });

  it('named twice in a folder count once, the newest', async () => {
    const name = 'JC-202402-citibike-tripdata.csv.zip';
    mkdirSync(path.join(dir, 'older'));
    copyFileSync(path.join(data!, 'tripdata', name), path.join(dir, 'older', name));
    copyFileSync(path.join(data!, 'tripdata', name), path.join(dir, 'JC-202402-citibike-tripdata.zip'));
    const { months } = await list(['2024-02'], 'jc', pathToFileURL(dir).href);
    expect(months[0]?.files.map((file) => file.name)).toEqual(['JC-202402-citibike-tripdata.zip']);
  });
});

function s3(): S3Client {
  const { endpoint, region, credentials } = settings.s3;
  return new S3Client({
    region,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(credentials ? { credentials } : {}),
  });
}

async function removeObject(uri: string): Promise<void> {
  const client = s3();
  const [Bucket, ...key] = uri.slice('s3://'.length).split('/');
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: key.join('/') }] } }));
  client.destroy();
}

async function removeBuckets(): Promise<void> {
  const client = s3();
  for (const Bucket of Object.values(buckets)) {
    for (;;) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket }));
      const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      if (found.length === 0) break;
      const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
      await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    }
    await client.send(new DeleteBucketCommand({ Bucket }));
  }
  client.destroy();
}
