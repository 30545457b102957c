/** Tests other cities on the real stack: a shipped one in its own zone, and one that is a single file of the user. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from '../../client/zip-of.ts';
import { daysBetween, monthsOf } from '../../contracts/calendar.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import { monthDatasetUri, monthHoursUri, type HourRow } from '../../contracts/hours.ts';
import type { LifecycleResult } from '../../contracts/workflows/lifecycle.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { INTERCEPTOR_MODULES } from '../../adapters/temporal/workflow-bundle.ts';
import { csvsOf } from '../csvs-of.ts';
import { Observatory, TINY } from './monitoring/observatory.ts';

let ownSystems: string;
let here: Observatory;
const before = process.env['SYSTEMS_DIR'];

beforeAll(async () => {
  ownSystems = await mkdtemp(path.join(tmpdir(), 'citibike-systems-'));
  // The writer of samples reads the setting.
  process.env['SYSTEMS_DIR'] = ownSystems;
  here = await Observatory.open(ownSystems);
}, 120_000);

afterAll(async () => {
  if (before === undefined) delete process.env['SYSTEMS_DIR'];
  else process.env['SYSTEMS_DIR'] = before;
  await here?.close();
  await rm(ownSystems, { recursive: true, force: true });
}, 60_000);

async function lifecycle(input: object): Promise<{ workflowId: string; result: LifecycleResult }> {
  const workflowId = `cities-${randomUUID()}`;
  const model = await here.newModel();
  const whole = { ...input, model, featureSet: 'demand', hyperParameters: TINY };
  const handle = await here.lab.start('lifecycle', workflowId, whole, here.taskQueue);
  return { workflowId, result: (await handle.result()) as LifecycleResult };
}

async function hoursOf(system: string, month: string): Promise<readonly HourRow[]> {
  const { objects } = here.lab.artifacts;
  const address = monthDatasetUri(objects.buckets.data, { system, rules: 'seed', month });
  const { ref } = JSON.parse(await text(address)) as MonthDataset;
  return JSON.parse(await text(monthHoursUri(ref.uri))) as HourRow[];
}

async function text(uri: string): Promise<string> {
  return new TextDecoder().decode(await here.lab.artifacts.objects.get(uri));
}

describe('a year of Chicago', () => {
  const YEAR = { from: '2024-01', to: '2024-12' };
  let folder: string;
  let result: LifecycleResult;
  let hours: readonly HourRow[];

  beforeAll(async () => {
    const sample = await here.sample('chicago', YEAR.from, YEAR.to, 'chicago');
    folder = sample.folder;
    ({ result } = await lifecycle({
      system: 'chicago',
      train: { from: '2024-01', to: '2024-10' },
      test: { from: '2024-11', to: '2024-12' },
      reference: { from: '2024-01', to: '2024-02' },
      source: { trips: sample.trips },
    }));
    hours = (await Promise.all(monthsOf(YEAR).map((month) => hoursOf('chicago-synthetic', month)))).flat();
  }, 240_000);

  const on = (date: string) => hours.filter((row) => row.date === date);

  it('is trained in its own zone, promoted, and checked for drift', async () => {
    expect(result.training.promotion.promote).toBe(true);
    expect(result.deployment.processes).toEqual([]);
    expect(result.monitoring).toMatchObject({ withTrips: true, weeks: 10, rows: 10 });
    const { model } = result.training;
    const { weeks } = await here.rowsOf(model);
    // From Friday, November 1, to the Sunday with the change of the clock: two whole days, and one of 24 rows for 25 hours.
    expect(weeks[0]).toMatchObject({ week: '2024-W44', hours: 72 });
    const files = await here.lab.mlflow.downloadModelFiles(model, result.training.version);
    const spec = JSON.parse(Buffer.from(files['spec.json']!).toString('utf8')) as { place: object };
    expect(spec.place).toMatchObject({ timeZone: 'America/Chicago', holidays: 'illinois' });
  });

  it('has 23 hours on the day that loses one, and both passes of the hour that comes twice', async () => {
    expect(hours).toHaveLength(366 * 24 - 1);
    expect(on('2024-03-10').map(({ hour }) => hour)).toEqual([
      0,
      1,
      ...Array.from({ length: 21 }, (_, i) => i + 3),
    ]);
    expect(on('2024-11-03')).toHaveLength(24);
    const starts = (await csvsOf(path.join(folder, '202411-divvy-tripdata.zip')))
      .flatMap(({ text: csv }) => csv.split('\r\n').slice(1))
      .map((line) => line.replaceAll('"', '').split(','))
      .filter(([, , started]) => started?.startsWith('2024-11-03 01:'))
      .map(([, , started, ended]) => (Date.parse(`${ended}Z`) - Date.parse(`${started}Z`)) / 60_000)
      .filter((minutes) => minutes > 0 && minutes < 60);
    expect(starts.length).toBeGreaterThan(0);
    expect(on('2024-11-03')[1]).toMatchObject({ hour: 1, trips: starts.length });
  });

  it('has the holidays of Illinois, also where New York has none', () => {
    const holidays = daysBetween('2024-01-01', '2024-12-31').filter((date) => on(date)[0]!.holiday === 1);
    // As the state publishes them: Lincoln's Birthday, General Election Day and the day after Thanksgiving are no federal holidays.
    expect(holidays).toEqual(
      '01-01 01-15 02-12 02-19 05-27 06-19 07-04 09-02 10-14 11-05 11-11 11-28 11-29 12-25'
        .split(' ')
        .map((day) => `2024-${day}`),
    );
  });
});

describe('Columbus, which is one file', () => {
  /** The file that the documentation shows. */
  async function shownFile(): Promise<string> {
    const page = await readFile(path.join(PROJECT_DIR, 'docs', 'how-to-add-a-city.md'), 'utf8');
    return /columbus\.yaml <<'END'\n(.*?)^END$/ms.exec(page)![1]!;
  }

  /** Adds a column with the quoted position of a station, as files from 2018 to 2020 have, which others of the layout lack. */
  async function addLocations(folder: string): Promise<number> {
    const archives = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
    let changed = 0;
    for (const name of archives) {
      const csvs = await csvsOf(path.join(folder, name));
      const contents = csvs.map(({ name: csv, text: rides }) => {
        if (!rides.startsWith('trip_id')) return { name: csv, content: Buffer.from(rides) };
        changed += 1;
        const [header = '', ...lines] = rides.split('\r\n');
        const at = header.split(',').indexOf('from_station_id');
        const add = (line: string, field: string) => line.split(',').toSpliced(at, 0, field).join(',');
        const located = lines.map((line) => (line === '' ? line : add(line, '"39.957493, -82.998813"')));
        const content = [add(header, 'from_station_location'), ...located].join('\r\n');
        return { name: csv, content: Buffer.from(content) };
      });
      await writeFile(path.join(folder, name), await zipOf(contents, '2020-07-04'));
    }
    return changed;
  }

  async function replay(workflowId: string): Promise<void> {
    const history = await here.lab.client.workflow.getHandle(workflowId).fetchHistory();
    await Worker.runReplayHistory(
      {
        workflowBundle: { codePath: here.lab.bundle },
        interceptors: { workflowModules: INTERCEPTOR_MODULES },
        sinks: { runs: { started: { fn: () => undefined }, closed: { fn: () => undefined } } },
      },
      history,
      workflowId,
    );
  }

  it('goes from archives of two layouts to a drift check, and its histories replay without the file', async () => {
    const file = path.join(ownSystems, 'columbus.yaml');
    await writeFile(file, await shownFile());
    const { folder, trips } = await here.sample('columbus', '2020-01', '2020-06', 'columbus');
    expect(await addLocations(folder)).toBe(3);
    const input = {
      system: 'columbus',
      train: { from: '2020-01', to: '2020-05' },
      test: { from: '2020-06', to: '2020-06' },
      reference: { from: '2020-01', to: '2020-02' },
      source: { trips },
    };
    const { workflowId, result } = await lifecycle(input);
    expect(result.data).toMatchObject({ months: 6, synthetic: true });
    expect(result.training.promotion.promote).toBe(true);
    expect(result.monitoring).toMatchObject({ withTrips: true, weeks: 5 });

    await rm(file);
    await expect(here.monitor({ system: 'columbus', current: input.test })).rejects.toMatchObject({
      cause: {
        type: 'INVALID_INPUT',
        message: expect.stringContaining('Add a file columbus.yaml') as string,
      },
    });
    for (const child of ['', '-ingest', '-training', '-monitoring']) await replay(`${workflowId}${child}`);
  }, 240_000);
});
