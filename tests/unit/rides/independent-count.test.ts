/** Compares every (date, hour) with a Python program that counts by the README's table and shares no code with the product. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHoursFiles } from '../../../adapters/duckdb/hours-files.ts';
import { readRides } from '../../../adapters/rides/read-rides.ts';
import { preprocessFiles } from '../../../client/preprocess-files.ts';
import { writeSample } from '../../../client/write-sample.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { findPython } from '../../../stack/install/python.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { writeQuirkyArchives } from './quirky-archives.ts';
import { systems } from '../../fixtures/shipped-systems.ts';
import { orSkip } from '../../or-skip.ts';

const COUNTER = path.join(import.meta.dirname, '..', '..', 'independent', 'count_hours.py');
const RULES = ['seed', 'all'] as const;

type Hours = Record<string, number>;
interface Counted {
  readonly seed: Hours;
  readonly all: Hours;
  readonly rows: number;
}

const python = await findPython();
const data = realDataDir();
const folder = path.join(data ?? '', 'systems');
const otherArchives = data && existsSync(folder) ? folder : undefined;

/** Holds the archives of other publishers, with the totals of an independent count. */
const OTHER_SYSTEMS = [
  ['202101-divvy-tripdata.zip', 96_834, ['2021-01']],
  ['202101-capitalbikeshare-tripdata.zip', 100_070, ['2021-01']],
  ['202004-bluebikes-tripdata.zip', 46_793, ['2020-04']],
  ['201801-fordgobike-tripdata.csv.zip', 94_802, ['2018-01']],
  ['HealthyRideRentals 2015 Q4.csv.gz', 16_314, ['2015-10', '2015-11', '2015-12']],
] as const;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'independent-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function zipsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.zip'));
  return names.map((name) => path.join(folder, name));
}

function countedApart(archives: readonly string[]): Counted {
  const out = path.join(dir, 'counted.json');
  execFileSync(python!.command, [COUNTER, out, ...archives], { stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(readFileSync(out, 'utf8')) as Counted;
}

/** Returns the product's hours with a ride. */
async function countedHere(files: readonly string[], rules: (typeof RULES)[number]): Promise<Hours> {
  const out = mkdtempSync(path.join(dir, 'out-'));
  const report = await preprocessFiles({ files, systems: await systems.list(), out, rules, gate: false });
  expect(report.refused).toEqual([]);
  const rows = await readHoursFiles(report.months.map(({ file }) => file));
  const hours = rows.map(({ date, hour, trips }) => [`${date} ${String(hour).padStart(2, '0')}`, trips]);
  return Object.fromEntries(hours.filter(([, trips]) => trips !== 0)) as Hours;
}

async function expectEqualCounts(archives: readonly string[]): Promise<Counted> {
  const apart = countedApart(archives);
  for (const rules of RULES) expect(await countedHere(archives, rules)).toEqual(apart[rules]);
  return apart;
}

describe.skipIf(!python)(orSkip('hours equal an independent count', !python && 'no Python'), () => {
  it.each([
    ['nyc', '2024-02', '2024-03'],
    ['nyc', '2024-10', '2024-12'],
    ['jc', '2024-04', '2024-07'],
  ] as const)('of the synthetic %s from %s to %s', async (system, from, to) => {
    const out = path.join(dir, `${system}-${from}`);
    await writeSample({ out, system, from, to, ridesPerMonth: 20_000 });
    const { seed, all } = await expectEqualCounts(zipsIn(out));
    expect(Object.values(all).reduce((a, b) => a + b)).toBeGreaterThan(
      Object.values(seed).reduce((a, b) => a + b),
    );
  });

  it('of every layout, spelling and harmless irregularity', async () => {
    const folder = path.join(dir, 'quirky');
    mkdirSync(folder);
    for (const { name, zip } of await writeQuirkyArchives()) writeFileSync(path.join(folder, name), zip);
    const { rows } = await expectEqualCounts(zipsIn(folder));
    expect(rows).toBeGreaterThan(20);
  });

  it.skipIf(!otherArchives).each(OTHER_SYSTEMS)(
    orSkip('of %s, %s rides in all', !otherArchives && NO_REAL_DATA),
    async (name, rides, months) => {
      const file = path.join(otherArchives!, name);
      const { all } = countedApart([file]);
      const counted: Hours = {};
      for (const month of months) {
        const parts = await readRides({
          name,
          file,
          month,
          rule: DURATION_RULES.all,
          dir: mkdtempSync(path.join(dir, 'parts-')),
        });
        for (const { date, hour, trips } of parts.hours.rows)
          counted[`${date} ${String(hour).padStart(2, '0')}`] = trips;
      }
      expect(counted).toEqual(all);
      expect(Object.values(all).reduce((a, b) => a + b)).toBe(rides);
    },
    120_000,
  );

  it.skipIf(!data)(
    orSkip('of every real archive', !data && NO_REAL_DATA),
    async () => {
      const archives = zipsIn(path.join(data!, 'tripdata'));
      expect((await expectEqualCounts(archives)).rows).toBeGreaterThan(100_000);
    },
    120_000,
  );
});
