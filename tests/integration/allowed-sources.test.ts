/** Tests which sources the input of a workflow on the stack's own worker may name. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { failureMessage, startWorkflow } from '../../client/start.ts';
import { loadSettings } from '../../settings.ts';
import { addSourceFolder, removeSourceFolder } from '../../stack/source-folders.ts';
import { countingServer } from '../fixtures/counting-server.ts';

const settings = loadSettings();
let client: Client;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await connectClient(settings.temporal);
  client = opened.client;
  close = () => opened.connection.close();
});
afterAll(() => close());

/** Returns the failure message of the workflow and the number of attempts of its activities. */
async function failureOf(type: string, input: object): Promise<{ message: string; attempts: number[] }> {
  const handle = await startWorkflow(client, type, input, `test-allowed-${randomUUID()}`);
  const message = await handle.result().then(
    () => 'nothing',
    (error: unknown) => failureMessage(error),
  );
  const { events } = await handle.fetchHistory();
  const attempts = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started ? [Number(started.attempt)] : [],
  );
  return { message, attempts };
}

const ingestOf = (trips: string) => ({ system: 'nyc', from: '2024-01', to: '2024-01', source: { trips } });
const monitoringOf = (weather: string) => ({
  system: 'nyc',
  current: { from: '2024-01', to: '2024-01' },
  withoutTrips: true,
  source: { trips: weather, weather },
});
const predictionOf = (input: string, output = 's3://citibike-data/predictions/test.csv') => ({
  input,
  output,
});

describe('a workflow that names', () => {
  it.each<[string, (address: string) => object]>([
    ['ingest', ingestOf],
    ['monitoring', monitoringOf],
    ['batchPrediction', predictionOf],
  ])('a loopback port fails at once, and the worker does not connect: %s', async (type, inputOf) => {
    const server = await countingServer((_request, response) => response.end('{}'));
    const { message, attempts } = await failureOf(type, inputOf(`${server.origin}/cdo-web/api/v2/x.csv`));
    expect(message).toContain(`${server.origin}/cdo-web/api/v2/x.csv is not allowed`);
    expect(message).toContain('SOURCE_ALLOW');
    expect(server.connections).toBe(0);
    expect(attempts).toEqual([1]);
  });

  it('a file of the machine reveals nothing about it', async () => {
    const words = async (file: string) =>
      (await failureOf('ingest', ingestOf(pathToFileURL(file).href))).message.replaceAll(file, 'FILE');
    expect(await words('/etc/passwd')).toMatch(/source\.trips: file:\/\/FILE is not allowed/);
    expect(await words('/etc/passwd')).toBe(await words('/etc/none'));
  });

  it('an output elsewhere in the data bucket writes nothing', async () => {
    const output = 's3://citibike-data/datasets/processed/citibike/2024-citibike-tripdata.csv';
    const { message, attempts } = await failureOf(
      'batchPrediction',
      predictionOf('s3://citibike-data/a.csv', output),
    );
    expect(message).toMatch(/^output: .*OUTPUT_ALLOW/);
    expect(attempts).toEqual([1]);
  });

  it('an artifact in another bucket does not read it', async () => {
    const dataset = {
      uri: 's3://mlflow-artifacts/a.json',
      sha256: 'a'.repeat(64),
      bytes: 1,
      schemaVersion: 1,
    };
    const { message } = await failureOf('training', {
      system: 'nyc',
      train: { from: '2024-01', to: '2024-02' },
      test: { from: '2024-03', to: '2024-03' },
      dataset,
    });
    expect(message).toContain('is not in a bucket of this product');
  });
});

describe('a folder added while the worker runs', () => {
  const folder = path.join(settings.instanceDir, `test-sources-${randomUUID().slice(0, 8)}`);
  const { href } = pathToFileURL(folder);
  beforeAll(() => mkdirSync(folder, { recursive: true }));
  afterAll(() => {
    removeSourceFolder(settings, href);
    rmSync(folder, { recursive: true });
  });

  it('is read from then on', async () => {
    expect((await failureOf('ingest', ingestOf(href))).message).toContain('is not allowed');
    addSourceFolder(settings, href);
    expect((await failureOf('ingest', ingestOf(href))).message).toContain(
      `the source ${href} does not have nyc 2024-01`,
    );
  });
});
