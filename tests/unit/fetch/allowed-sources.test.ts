/**
 * Tests every activity whose input contains an address: it must not request, open or write anything that is
 * not allowed.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { createFetchActivities } from '../../../activities/fetch/index.ts';
import { createPredictActivities } from '../../../activities/predict/index.ts';
import { ArtifactStore } from '../../../adapters/s3/artifact-store.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { allowedAddresses } from '../../../adapters/sources/allowed-addresses.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import type { FetchActivities } from '../../../contracts/activities/fetch.ts';
import type { PredictActivities } from '../../../contracts/activities/predict.ts';
import { countingServer } from '../../fixtures/counting-server.ts';
import { run, type Unbound } from '../../fixtures/run-activity.ts';
import { systems } from '../../fixtures/shipped-systems.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'allowed-sources-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const BUCKETS = { artifacts: 'zenml-artifacts', mlflow: 'mlflow-artifacts', data: 'citibike-data' };

/** Fails the test if S3 or MLflow is called. */
function untouchable<T extends object>(what: string, known: object = {}): T {
  return new Proxy(known, {
    get: (target, name) => {
      if (name in target) return Reflect.get(target, name) as unknown;
      return () => {
        throw new Error(`${what} was asked to ${String(name)}`);
      };
    },
  }) as T;
}

const objects = untouchable<ObjectStore>('S3', { buckets: BUCKETS });
const sources = {
  trips: 'https://s3.amazonaws.com/tripdata',
  weather: 'https://www.ncei.noaa.gov/access/services/data/v1',
  forecasts: 'https://api.weather.gov',
  weatherStation: 'USW00014732',
  noaaToken: 'planted-token',
};
const deps = {
  artifacts: new ArtifactStore(objects),
  mlflow: untouchable('MLflow'),
  modelName: 'm',
  systems,
  codeVersion: 'test',
  sources,
  allowed: allowedAddresses({ sources: { ...sources, allow: [], outputs: [] }, dataBucket: BUCKETS.data }),
} as unknown as ActivityDependencies;
const fetching: Unbound<FetchActivities> = createFetchActivities(deps);
const predicting: Unbound<PredictActivities> = createPredictActivities(deps);

/** Is the input field that contains the address, and the activity that receives it. */
const READERS: [string, (address: string) => Promise<unknown>][] = [
  [
    'source.trips',
    (source) => run(fetching.listSource, { system: 'nyc', months: ['2024-01'], source, allowMissing: true }),
  ],
  [
    'source.weather',
    (source) =>
      run(fetching.fetchWeather, { years: [2024], source, synthetic: false, required: true, cache: true }),
  ],
  [
    'file.url',
    (url) =>
      run(fetching.fetchFile, {
        system: 'nyc',
        file: {
          url,
          name: '202401-citibike-tripdata.zip',
          month: '2024-01',
          kind: 'archive',
          bytes: 1,
          etag: '"e"',
        },
        synthetic: false,
        cache: true,
      }),
  ],
  [
    'input',
    (input) =>
      run(predicting.batchPredict, {
        alias: 'champion',
        input,
        output: 's3://citibike-data/predictions/o.csv',
      }),
  ],
];

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing',
    (error: unknown) => error,
  );

describe.each(READERS)('the address in %s', (field, open) => {
  it.each(['/trips', '/cdo-web/api/v2', '/a.csv'])(
    'of an internal host is not requested at %s',
    async (at) => {
      const server = await countingServer((_request, response) => response.end('{}'));
      expect(await failureOf(open(`${server.origin}${at}`))).toMatchObject({
        code: 'SOURCE_NOT_ALLOWED',
        retryable: false,
        message: expect.stringMatching(
          new RegExp(`^${field}: http://127\\.0\\.0\\.1:\\d+/.*SOURCE_ALLOW`),
        ) as string,
      });
      expect(server.connections).toBe(0);
    },
  );

  it('gives the same answer for open and closed ports, and for existing and missing files', async () => {
    const server = await countingServer((_request, response) => response.end('{}'));
    writeFileSync(path.join(dir, 'there.csv'), 'date,TMAX\n');
    const words = async (address: string) => {
      const { code, message } = (await failureOf(open(address))) as { code: string; message: string };
      return `${code} ${message}`.replace(/:\d+|there|none/g, '');
    };
    expect(await words(`${server.origin}/a.csv`)).toBe(await words('http://127.0.0.1:9/a.csv'));
    const href = (name: string) => pathToFileURL(path.join(dir, name)).href;
    expect(await words(href('there.csv'))).toBe(await words(href('none.csv')));
    expect(server.connections).toBe(0);
  });

  it.each([
    'file:///etc/passwd',
    's3://zenml-artifacts/a.csv',
    's3://mlflow-artifacts/1/a.csv',
    's3://other/a.csv',
  ])('is not %s', async (address) => {
    expect(await failureOf(open(address))).toMatchObject({ code: 'SOURCE_NOT_ALLOWED' });
  });
});

describe('the output of a batch prediction', () => {
  const predict = (output: string) =>
    run(predicting.batchPredict, { alias: 'champion', input: 's3://citibike-data/in.csv', output });

  it.each([
    's3://citibike-data/datasets/processed/citibike/2024-citibike-tripdata.parquet',
    's3://citibike-data/predictions-else/o.csv',
    's3://zenml-artifacts/o.csv',
    'file:///etc/cron.d/o.csv',
    'https://s3.amazonaws.com/tripdata/o.csv',
  ])('is not %s', async (output) => {
    expect(await failureOf(predict(output))).toMatchObject({
      code: 'SOURCE_NOT_ALLOWED',
      message: expect.stringMatching(/^output: .*OUTPUT_ALLOW/) as string,
    });
  });

  it('is not a path, by the same rule', async () => {
    expect(await failureOf(predict(path.join(dir, 'o.csv')))).toMatchObject({ code: 'SOURCE_NOT_ALLOWED' });
    expect(await failureOf(predict('o.csv'))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(existsSync(path.join(dir, 'o.csv'))).toBe(false);
  });
});

describe('a reference to an artifact', () => {
  const ref = (uri: string): ArtifactRef => ({ uri, sha256: 'a'.repeat(64), bytes: 1, schemaVersion: 1 });

  it.each(['s3://other/a.json', 's3://mlflow-artifacts/1/a.json', 's3://citibike-data-else/a.json'])(
    'in another bucket is not read: %s',
    async (uri) => {
      const { artifacts } = deps;
      const rejected = { code: 'SOURCE_NOT_ALLOWED' };
      expect(await failureOf(artifacts.read(ref(uri)))).toMatchObject(rejected);
      expect(await failureOf(artifacts.readToFile(ref(uri), path.join(dir, 'a')))).toMatchObject(rejected);
      expect(await failureOf(artifacts.manifestOf(uri))).toMatchObject(rejected);
      expect(await failureOf(artifacts.has(uri))).toMatchObject(rejected);
    },
  );

  it('with a digest that is a path is not written', async () => {
    const wrong = { ...ref('s3://citibike-data/a.json'), sha256: '../../etc/a' };
    const read = deps.artifacts.readToFile(wrong, path.join(dir, wrong.sha256));
    expect(await failureOf(read)).toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  });

  it.each(['s3://citibike-data/../other/a.json', 's3://arn:aws:s3:us-west-2:1:accesspoint:x/a.json'])(
    'that climbs or names another account is rejected: %s',
    async (uri) => {
      expect(await failureOf(deps.artifacts.read(ref(uri)))).toMatchObject({ code: 'INVALID_INPUT' });
    },
  );
});
