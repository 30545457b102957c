/** Converts trip archives on disk to month data sets on disk, without a server, with the code and the rules of the activities. */
import { addMonths } from '../contracts/calendar.ts';
import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withTempDir } from '../activities/common/temp-dir.ts';
import { composeMonth, type ComposedMonth } from '../activities/preprocess/compose-month.ts';
import { judgeMonth, measuresBefore } from '../activities/preprocess/judge-month.ts';
import { countedRows } from '../activities/preprocess/month-rows.ts';
import { writeMonthFile } from '../adapters/parquet/month-file.ts';
import { composeRides, type OwnRides } from '../adapters/rides/compose-rides.ts';
import { readRides } from '../adapters/rides/read-rides.ts';
import type { Ride } from '../adapters/rides/ride.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { ArchiveFacts } from '../contracts/hours.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import type { Month } from '../contracts/months.ts';
import { monthReportPage } from '../core/quality/month-report-page.ts';
import { DURATION_RULES } from '../core/ingest/ride-rules.ts';
import { REJECTED_FOLDER, SYNTHETIC_MARKER, readingFacts } from '../core/ingest/source-names.ts';
import { chooseArchives, refusalOf, type ArchiveMonth, type Refusal } from './choose-archives.ts';
import type { SystemFacts, SystemId } from '../contracts/systems.ts';
import type { StoredRuleSet } from '../contracts/stored-names.ts';

export interface PreprocessFilesOptions {
  readonly files: readonly string[];
  readonly out: string;
  readonly rules: StoredRuleSet;
  /** Known systems. */
  readonly systems: readonly SystemFacts[];
  /** System of files whose names do not say it. */
  readonly system?: SystemFacts;
  /** False: months are written whatever their quality. */
  readonly gate?: boolean;
}

export interface WrittenMonth {
  readonly system: SystemId;
  readonly month: Month;
  readonly file: string;
  readonly flows: string;
  readonly hours: number;
  readonly trips: number;
  /** Number of rides of this month in archives of the neighbouring months, and how many of them copy rides of its own archive. */
  readonly ridesFromNeighbours: number;
  readonly copiesInNeighbours: number;
  /** Number of hours without a ride that were set to 0. */
  readonly zeroFilledHours: number;
  /** The hour 01:00 of the autumn clock change, which covers two hours: `2024-11-03T01`. */
  readonly doubledHour: string | null;
  /** True if no given file is named for this month, so its rides come from neighbouring months' files. */
  readonly straysOnly: boolean;
}

/** Represents counts of one month of a file. */
interface ReadFile {
  readonly file: string;
  readonly system: SystemId;
  readonly month: Month;
  readonly facts: ArchiveFacts;
}

export interface PreprocessReport {
  readonly schemaVersion: 1;
  readonly rules: StoredRuleSet;
  readonly months: readonly WrittenMonth[];
  readonly files: readonly ReadFile[];
  readonly refused: readonly Refusal[];
  /** Files left out because a newer one of the same month was given too. */
  readonly superseded: readonly string[];
}

export const REPORT_NAME = 'preprocess-report.json';

/** Archives or months in progress at once: one more than the threads that read them, so that no thread is idle. */
const AT_ONCE = 3;

interface ReadMonth extends ReadFile {
  readonly own: OwnRides;
  readonly strays: readonly Ride[];
}

/**
 * Writes SYSTEM-YYYY-MM.parquet, SYSTEM-YYYY-MM-flows.parquet and SYSTEM-YYYY-MM-quality.html for every month, and a report.
 * Months that fail the quality gate of `ingest` are rejected, and their counts go to `rejected/`. A rejected file or month does
 * not prevent the others from being written. Each file appears atomically.
 */
export async function preprocessFiles(options: PreprocessFilesOptions): Promise<PreprocessReport> {
  const { rules, out, gate = true } = options;
  return withTempDir(async (workDir) => {
    const { chosen, superseded, refused } = await chooseArchives(
      options.files,
      options.systems,
      options.system,
    );
    const refusals: Refusal[] = [...refused];
    const factsOf = new Map(options.systems.map((facts) => [facts.id, facts]));
    const read = await readAll(chosen, factsOf, rules, workDir, refusals);
    await mkdir(out, { recursive: true });
    const months = await inParallel(monthsOfRides(read), AT_ONCE, async ([key, own]) => {
      const [system, month] = key.split(' ') as [SystemId, Month];
      try {
        const neighbours = read.filter((each) => each.system === system && each.month !== month);
        const given = { facts: factsOf.get(system)!, month, rules, gate, own, neighbours };
        return await writeMonth(given, workDir, out).catch((error: unknown) =>
          keepRejected(error, given, workDir, out),
        );
      } catch (error) {
        for (const { file } of own) refusals.push(refusalOf(error, { file, system, month }));
        return undefined;
      }
    });
    const files = read.map(({ file, system, month, facts }) => ({ file, system, month, facts }));
    const report: PreprocessReport = {
      schemaVersion: 1,
      rules,
      months: months.filter((month) => month !== undefined),
      files,
      refused: refusals,
      superseded,
    };
    await writeFile(path.join(workDir, REPORT_NAME), `${JSON.stringify(report, null, 2)}\n`);
    await publish(path.join(workDir, REPORT_NAME), out);
    return report;
  });
}

/** Reads the archives and adds the unreadable ones to `refusals`. */
async function readAll(
  chosen: readonly ArchiveMonth[],
  factsOf: ReadonlyMap<SystemId, SystemFacts>,
  rules: StoredRuleSet,
  workDir: string,
  refusals: Refusal[],
): Promise<ReadMonth[]> {
  const read = await inParallel([...chosen.entries()], AT_ONCE, async ([index, archive]) => {
    const { file, name, system, month } = archive;
    const dir = path.join(workDir, String(index));
    await mkdir(dir);
    try {
      const rule = DURATION_RULES[rules];
      const parts = await readRides({
        name,
        file,
        month,
        rule,
        dir,
        withStations: false,
        ...readingFacts(factsOf.get(system)!, name),
      });
      const { flows, stations } = parts;
      const own = { name, hours: parts.hours.rows, flows, ids: parts.ids?.file ?? null, stations };
      return { file, system, month, facts: parts.facts, own, strays: parts.strays };
    } catch (error) {
      refusals.push(refusalOf(error, archive));
      return undefined;
    }
  });
  return read.filter((each) => each !== undefined);
}

/** Groups by `system month`, in order, the months that have rides, each with the archives named for it. */
function monthsOfRides(read: readonly ReadMonth[]): [string, ReadMonth[]][] {
  const months = new Map<string, ReadMonth[]>();
  const of = (system: SystemId, month: Month) => {
    const key = `${system} ${month}`;
    const own = months.get(key) ?? [];
    months.set(key, own);
    return own;
  };
  for (const each of read) {
    of(each.system, each.month).push(each);
    for (const { started_at: started } of each.strays) of(each.system, started.slice(0, 7));
  }
  return [...months].sort(([a], [b]) => (a < b ? -1 : 1));
}

interface MonthToWrite {
  readonly facts: SystemFacts;
  readonly month: Month;
  readonly rules: StoredRuleSet;
  readonly gate: boolean;
  readonly own: readonly ReadMonth[];
  readonly neighbours: readonly ReadMonth[];
}

type ComposedRows = Pick<ComposedMonth<string | null>, 'composed' | 'rows' | 'zeroFilled' | 'doubledHour'>;

async function writeMonth(given: MonthToWrite, workDir: string, out: string): Promise<WrittenMonth> {
  const { month, own } = given;
  const system = given.facts.id;
  const name = `${system}-${month}`;
  const flowsFile = path.join(workDir, `${name}-flows.parquet`);
  const straysOnly = own.length === 0;
  const { composed, rows, zeroFilled, doubledHour } = await (straysOnly
    ? composeStrays(given, flowsFile)
    : composeGated(given, flowsFile, workDir, out));
  const monthFile = path.join(workDir, `${name}.parquet`);
  writeMonthFile(monthFile, rows);
  return {
    system,
    month,
    file: await publish(monthFile, out),
    flows: await publish(flowsFile, out),
    hours: rows.length,
    trips: rows.reduce((sum, row) => sum + row.trips, 0),
    ridesFromNeighbours: composed.strays,
    copiesInNeighbours: composed.copies,
    zeroFilledHours: zeroFilled,
    doubledHour,
    straysOnly,
  };
}

/**
 * Writes the counts of a month that fails the gate to the folder of rejected months.
 * @throws CitibikeError the error of the gate, which then names the folder.
 */
async function keepRejected(
  error: unknown,
  given: MonthToWrite,
  workDir: string,
  out: string,
): Promise<never> {
  if (!given.gate || !(error instanceof CitibikeError) || error.code !== 'QUALITY_GATE') throw error;
  const folder = path.join(out, REJECTED_FOLDER);
  await mkdir(folder, { recursive: true });
  // A month with missing hours fails without the gate too. Then the gate's error is complete as it is.
  const kept = await writeMonth({ ...given, gate: false }, workDir, folder).catch(() => undefined);
  if (!kept) throw error;
  throw new CitibikeError(
    'QUALITY_GATE',
    `${error.message} The counted hours are in ${kept.file}.`,
    error.details,
    {
      cause: error,
    },
  );
}

/** Composes rides of a month that has no archive of its own. It has too few hours for a gate. */
async function composeStrays(
  { facts, month, neighbours }: MonthToWrite,
  flowsFile: string,
): Promise<ComposedRows> {
  const composed = await composeRides(month, [], straysOf(neighbours), flowsFile);
  return { composed, rows: countedRows(facts, composed.hours), zeroFilled: 0, doubledHour: null };
}

/**
 * Composes a month behind the quality gate.
 * @throws CitibikeError QUALITY_GATE as `ingest` does, after writing the page of the report.
 */
async function composeGated(
  { facts, month, rules, gate, own, neighbours }: MonthToWrite,
  flowsFile: string,
  workDir: string,
  out: string,
): Promise<ComposedRows> {
  const before = neighbours.filter((each) => each.month === addMonths(month, -1));
  const synthetic = await areSynthetic(own);
  return composeMonth(
    {
      facts,
      month,
      own: own.map((each) => ({ rides: each.own, facts: each.facts })),
      strays: straysOf(neighbours),
      previous: before.map((each) => ({ hours: each.own.hours, facts: each.facts })),
      flowsFile,
    },
    async (current, previous) =>
      gate
        ? judgeMonth(
            { facts, rules, month, synthetic, ...current },
            measuresBefore(facts, month, previous),
            async (report) => {
              const file = path.join(workDir, `${facts.id}-${month}-quality.html`);
              await writeFile(file, monthReportPage(report));
              return { kept: null, page: await publish(file, out) };
            },
          )
        : null,
  );
}

function straysOf(neighbours: readonly ReadMonth[]): Ride[] {
  return neighbours.flatMap(({ strays }) => strays);
}

/** Checks for the marker in folders of synthetic archives. */
async function areSynthetic(own: readonly ReadMonth[]): Promise<boolean> {
  const folders = [...new Set(own.map(({ file }) => path.dirname(file)))];
  const names = await Promise.all(folders.map((folder) => readdir(folder)));
  return names.some((each) => each.includes(SYNTHETIC_MARKER));
}

/** Copies next to the target and renames, so that the file appears atomically. */
async function publish(file: string, out: string): Promise<string> {
  const target = path.join(out, path.basename(file));
  await copyFile(file, `${target}.partial`);
  await rename(`${target}.partial`, target);
  return target;
}
