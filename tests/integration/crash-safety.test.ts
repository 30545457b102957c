/**
 * Kills the workers of ingests at every step on the real Temporal and S3, and compares the data sets with those of
 * undisturbed ingests: they are identical to the byte.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { withDuckDb } from '../../adapters/duckdb/with-duckdb.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { loadWorkflowBundle } from '../../adapters/temporal/workflow-bundle.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { failureMessage } from '../../client/start.ts';
import { BROKEN_INDEX, writeBrokenSample, type BrokenFileNote } from '../sample/write-broken-sample.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { DatasetManifest, MonthDataset } from '../../contracts/frame.ts';
import { IngestInput } from '../../contracts/workflows/ingest.ts';
import { parseInput } from '../../contracts/parse-input.ts';
import type { IngestResult } from '../../contracts/workflows/ingest.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import { csvsOf } from '../csvs-of.ts';
import { CrashRun, type StoredData } from './crash-safety/crash-run.ts';

/** Temporal notices a killed worker after a heartbeat timeout; the rest is for busy machines. */
const TIMEOUT_MS = 480_000;

// Trials mostly wait for this time-out, each for its own, so they run all at once.
vi.setConfig({ maxConcurrency: 10 });

const FOLDER = 'jc-synthetic';
const MONTHS = ['2024-08', '2024-09', '2024-10'] as const;

const settings = loadSettings();
let client: Client;
let connection: Connection;
let bundle: string;
let dir: string;
let sample: string;
let undisturbed: StoredData;
const crashRuns: CrashRun[] = [];

async function newRun(): Promise<CrashRun> {
  const crashRun = await CrashRun.create(client, settings, bundle);
  crashRuns.push(crashRun);
  return crashRun;
}

const inputOf = (folder: string, from: string, to: string, more: object = {}) => ({
  system: 'jc',
  from,
  to,
  source: { trips: pathToFileURL(folder).href },
  ...more,
});
const wholeSample = () => inputOf(sample, MONTHS[0], MONTHS[2]);

beforeAll(async () => {
  ({ client, connection } = await connectClient(settings.temporal));
  const loaded = await loadWorkflowBundle(settings.workflowBundle, path.join(settings.stackDir, 'bundle'));
  if (!('codePath' in loaded)) throw new Error('expected a bundle in a file');
  bundle = path.resolve(loaded.codePath);
  dir = mkdtempSync(path.join(tmpdir(), 'crash-safety-'));
  sample = path.join(dir, 'sample');
  await writeSample({ out: sample, system: 'jc', from: MONTHS[0], to: MONTHS[2], ridesPerMonth: 2_000 });
  const crashRun = await newRun();
  await crashRun.ingestOne(wholeSample());
  undisturbed = await crashRun.storedData();
});

afterAll(async () => {
  for (const crashRun of crashRuns) await crashRun.dispose();
  await connection?.close();
  rmSync(dir, { recursive: true, force: true });
});

test('an undisturbed ingest leaves hours and flows of every month', () => {
  expect(Object.keys(undisturbed.months)).toEqual(
    MONTHS.map((month) => `datasets/months/${FOLDER}/seed/${month}/current.json`),
  );
  // The ingest writes two objects per month and no other.
  expect(Object.keys(undisturbed.parquets).filter((key) => key.includes('/months/'))).toHaveLength(6);
});

describe('data sets are identical to the byte when the worker is killed', () => {
  const activities = [
    'listSource',
    'fetchWeather',
    'fetchFile',
    'readArchive',
    'preprocessMonth',
    'composeDataset',
  ];
  for (const activity of activities) {
    test.concurrent(
      `before ${activity}, and between its effect and its answer`,
      { timeout: TIMEOUT_MS },
      async ({ expect }) => {
        const crashRun = await newRun();
        await crashRun.ingestOne(wholeSample(), [
          { moment: 'before', activity },
          { moment: 'after effect', activity },
        ]);
        expect(await crashRun.storedData()).toEqual(undisturbed);
      },
    );
  }

  // An activity writes several objects: what it made, its manifest, its cache entry, its pointer.
  for (const writes of [
    [1, 2, 3],
    [5, 8],
    [13, 21],
  ]) {
    test.concurrent(
      `after writes ${writes.join(', ')} of one worker after the other`,
      { timeout: TIMEOUT_MS },
      async ({ expect }) => {
        const crashRun = await newRun();
        await crashRun.ingestOne(
          wholeSample(),
          writes.map((write) => ({ moment: 'after write', write })),
        );
        expect(await crashRun.storedData()).toEqual(undisturbed);
      },
    );
  }
});

describe('two ingests of the same months', () => {
  test('at once give the same data sets', { timeout: TIMEOUT_MS }, async () => {
    const crashRun = await newRun();
    const outcomes = await crashRun.ingest([wholeSample(), wholeSample()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const [one, two] = outcomes.map((outcome) => (outcome as PromiseFulfilledResult<IngestResult>).value);
    expect(two!.dataset.sha256).toBe(one!.dataset.sha256);
    expect(await crashRun.storedData()).toEqual(undisturbed);
  });

  test('by different rules make two separate artifacts', { timeout: TIMEOUT_MS }, async () => {
    const crashRun = await newRun();
    const outcomes = await crashRun.ingest([wholeSample(), { ...wholeSample(), rules: 'all' }]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    for (const month of MONTHS) {
      const [seed, all] = await Promise.all([
        crashRun.monthOf(FOLDER, 'seed', month),
        crashRun.monthOf(FOLDER, 'all', month),
      ]);
      expect(all.ref.sha256).not.toBe(seed.ref.sha256);
      expect(all.trips).toBeGreaterThan(seed.trips);
      expect(seed.ref.sha256).toBe(hoursShaOf(undisturbed, 'seed', month));
    }
  });
});

function hoursShaOf({ months }: StoredData, rules: string, month: string): string {
  const found = months[`datasets/months/${FOLDER}/${rules}/${month}/current.json`];
  return (found as { hoursSha256: string }).hoursSha256;
}

describe('a month whose next month is published later', () => {
  const [month, next] = ['2024-08', '2024-09'];
  let crashRun: CrashRun;
  let whole: string;
  let before: MonthDataset;
  let after: MonthDataset;

  beforeAll(async () => {
    // Enough rides that some of the last hour end in the next month.
    whole = path.join(dir, 'larger-sample');
    await writeSample({ out: whole, system: 'jc', from: month, to: next, ridesPerMonth: 40_000 });
    const folder = path.join(dir, 'growing');
    mkdirSync(folder);
    const copy = (names: readonly string[]) => {
      for (const name of names) copyFileSync(path.join(whole, name), path.join(folder, name));
    };
    const names = readdirSync(whole);
    const archiveOf = (each: string) => names.filter((name) => name.includes(each.replace('-', '')));
    copy(names.filter((name) => !name.endsWith('.zip')));
    copy(archiveOf(month));
    crashRun = await newRun();
    await crashRun.ingestOne(inputOf(folder, month, month));
    before = await crashRun.monthOf(FOLDER, 'seed', month);
    copy(archiveOf(next));
    await crashRun.ingestOne(inputOf(folder, month, month));
    after = await crashRun.monthOf(FOLDER, 'seed', month);
  }, TIMEOUT_MS);

  test('is provisional until then', () => {
    expect([before.provisional, after.provisional]).toEqual([true, false]);
  });

  test('changes only in the hours of the strays, and only by the strays', async () => {
    const [hoursBefore, hoursAfter] = [await hoursOf(crashRun, before), await hoursOf(crashRun, after)];
    const strays = await straysByHour(next, month);
    expect(strays.size).toBeGreaterThan(0);
    const expected = new Map(hoursBefore);
    for (const [hour, trips] of strays) expected.set(hour, (expected.get(hour) ?? 0) + trips);
    expect(hoursAfter).toEqual(expected);
  });

  async function hoursOf(from: CrashRun, { ref }: MonthDataset): Promise<Map<string, number>> {
    const file = path.join(dir, `${ref.sha256}.parquet`);
    await from.objects.getToFile(ref.uri, file);
    return query(`SELECT strftime(date, '%Y-%m-%d') || ' ' || hour, trips::DOUBLE FROM '${file}'`);
  }

  /** Counts valid rides of the month in the file of another month, from its text. */
  async function straysByHour(file: string, of: string): Promise<Map<string, number>> {
    const archive = readdirSync(whole).find((name) => name.includes(file.replace('-', '')))!;
    const strays = new Map<string, number>();
    for (const { text } of await csvsOf(path.join(whole, archive))) {
      for (const line of text.split('\r\n').slice(1)) {
        const [, , started = '', ended = ''] = line.replaceAll('"', '').split(',');
        const minutes = (Date.parse(`${ended}Z`) - Date.parse(`${started}Z`)) / 60_000;
        if (!started.startsWith(of) || !(minutes > 0 && minutes < 60)) continue;
        const hour = `${started.slice(0, 10)} ${Number(started.slice(11, 13))}`;
        strays.set(hour, (strays.get(hour) ?? 0) + 1);
      }
    }
    return strays;
  }

  async function query(sql: string): Promise<Map<string, number>> {
    return withDuckDb(async (connection) => {
      const rows = (await connection.runAndReadAll(sql)).getRowsJS() as [string, number][];
      return new Map(rows);
    });
  }
});

describe('broken months', () => {
  test(
    'are named with their file and fail the ingest, while the good months are written',
    { timeout: TIMEOUT_MS },
    async () => {
      const broken = path.join(dir, 'broken');
      await writeBrokenSample({ out: broken });
      const { files } = JSON.parse(readFileSync(path.join(broken, BROKEN_INDEX), 'utf8')) as {
        files: BrokenFileNote[];
      };
      const folder = path.join(dir, 'partly-broken');
      const [from, to] = ['2022-08', '2023-11'];
      await writeSample({ out: folder, system: 'jc', from, to, ridesPerMonth: 2_000 });
      for (const { file } of files) copyFileSync(path.join(broken, file), path.join(folder, file));
      const crashRun = await newRun();
      const [outcome] = await crashRun.ingest([inputOf(folder, from, to)]);
      expect(outcome?.status).toBe('rejected');
      const message = failureMessage((outcome as PromiseRejectedResult).reason);
      // The message lists at most a dozen months.
      for (const { file } of files.slice(0, 12)) expect(message).toContain(file);
      const { months } = await crashRun.storedData();
      expect(Object.keys(months)).toEqual(
        [from, to].map((month) => `datasets/months/${FOLDER}/seed/${month}/current.json`),
      );
    },
  );
});

describe("the stack's own worker", () => {
  /** Moments of the kills in milliseconds after the start; the values are arbitrary. */
  const MOMENTS_MS = [150, 700, 1_800];

  /** Returns null during a restart of the worker, when the command also exits with another code. */
  const workerPid = (): number | null => {
    const command = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), 'status', '--json'];
    const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    const { services } = JSON.parse(stdout) as { services: { name: string; pid: number | null }[] };
    return services.find(({ name }) => name === 'worker')?.pid ?? null;
  };

  test('loses no result when it is killed at any moment', { timeout: TIMEOUT_MS }, async () => {
    const input = parseInput('ingest', IngestInput, { ...wholeSample(), cache: false });
    const handle = await client.workflow.start('ingest', {
      taskQueue: TASK_QUEUE,
      workflowId: `crash-random-${Date.now()}`,
      args: [input],
    });
    const ended = handle.result() as Promise<IngestResult>;
    let result: IngestResult | undefined;
    void ended.then((value) => (result = value));
    for (const moment of MOMENTS_MS) {
      await sleep(moment);
      const pid = workerPid();
      if (pid !== null && result === undefined) process.kill(pid, 'SIGKILL');
    }
    const { months } = await datasetOf(await ended);
    expect(months.map(({ month, ref }) => [month, ref.sha256])).toEqual(
      MONTHS.map((month) => [month, hoursShaOf(undisturbed, 'seed', month)]),
    );
  });

  async function datasetOf({ dataset }: IngestResult): Promise<DatasetManifest> {
    const objects = new ObjectStore(settings.s3);
    try {
      return await objects.getJson<DatasetManifest>(dataset.uri);
    } finally {
      objects.close();
    }
  }
});
