/** Chooses which of the given files are read, and for which months. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { listMonths } from '../adapters/sources/find-csvs.ts';
import { monthsInName } from '../adapters/sources/months-in-name.ts';
import { monthsOf } from '../contracts/calendar.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { SystemFacts, SystemId } from '../contracts/systems.ts';
import type { Month } from '../contracts/months.ts';
import { beginsLikeNamesOf, exampleName, tripFileNames } from '../core/ingest/source-names.ts';

/** Represents an archive, and the month that it is read for. */
export interface ArchiveMonth {
  /** Local path. */
  readonly file: string;
  /** Name as published. */
  readonly name: string;
  readonly system: SystemId;
  readonly month: Month;
}

/** Represents a file or a month that is in no data set, with the reason. */
export interface Refusal {
  readonly file: string;
  readonly system: SystemId | null;
  readonly month: Month | null;
  readonly code: string;
  readonly reason: string;
}

/**
 * Describes an error of the catalogue as a refusal.
 * @throws the error itself if it is not in the catalogue, because it then says nothing about the file.
 */
export function refusalOf(error: unknown, about: Pick<Refusal, 'file' | 'system' | 'month'>): Refusal {
  if (!(error instanceof CitibikeError)) throw error;
  const { file, system, month } = about;
  return { file, system, month, code: error.code, reason: error.message };
}

interface NamedFile {
  readonly file: string;
  readonly name: string;
  readonly system: SystemId;
  readonly modified: number;
  readonly months: readonly Month[];
}

export interface ChosenArchives {
  readonly chosen: readonly ArchiveMonth[];
  /** Files that are not read because another given file covers the same month. */
  readonly superseded: readonly string[];
  readonly refused: readonly Refusal[];
}

/**
 * Chooses one file per month, the newest one. A month's own archive comes before an archive of several months. A path that is not a file or
 * an unclear name is rejected like a broken archive; the other files are read.
 * @param systems known systems, whose names of archives decide.
 * @param fallback system of files whose names do not say it.
 */
export async function chooseArchives(
  files: readonly string[],
  systems: readonly SystemFacts[],
  fallback: SystemFacts | undefined,
): Promise<ChosenArchives> {
  const refused: Refusal[] = [];
  const named: NamedFile[] = [];
  for (const file of files) {
    try {
      named.push(await nameFile(file, systems, fallback));
    } catch (error) {
      refused.push(refusalOf(error, { file, system: null, month: null }));
    }
  }
  const candidates: (ArchiveMonth & { readonly ofSeveral: boolean; readonly modified: number })[] = [];
  for (const { months, ...about } of named) {
    const ofSeveral = months.length > 1;
    const inside = ofSeveral ? await monthsInside({ ...about, months }, refused) : months;
    for (const month of inside) candidates.push({ ...about, month, ofSeveral });
  }
  const best = new Map<string, (typeof candidates)[number]>();
  for (const each of candidates) {
    const key = `${each.system} ${each.month}`;
    const other = best.get(key);
    if (!other || (each.ofSeveral === other.ofSeveral ? each.modified > other.modified : other.ofSeveral))
      best.set(key, each);
  }
  const chosen = [...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const used = new Set([...chosen.map(({ file }) => file), ...refused.map(({ file }) => file)]);
  return { chosen, superseded: files.filter((file) => !used.has(file)), refused };
}

async function nameFile(
  file: string,
  systems: readonly SystemFacts[],
  fallback: SystemFacts | undefined,
): Promise<NamedFile> {
  const name = path.basename(file);
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile())
    throw new CitibikeError(
      'SOURCE_NOT_FOUND',
      `${file} is not a file; expected trip archives (.zip) or trip CSVs`,
    );
  const facts =
    systems.find((each) => tripFileNames(each)(name)) ??
    fallback ??
    systems.find((each) => beginsLikeNamesOf(each, name));
  if (!facts) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: the name does not contain the system. Name the file as published (${systems.map((each) => exampleName(each)).join(', ')}) or pass --system`,
    );
  }
  const parsed = tripFileNames(facts)(name);
  if (parsed?.kind === 'hourly')
    throw new CitibikeError('INVALID_INPUT', `${file}: got processed hours, expected rides`);
  const about = { file, name, system: facts.id, modified: info.mtimeMs };
  if (parsed) return { ...about, months: parsed.months };
  const span = monthsInName(name);
  if (!span) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: the name does not contain the month; add YYYYMM, as in 202401-rides.csv`,
    );
  }
  return { ...about, months: monthsOf(span) };
}

/** Returns the months of an archive of several. The name may promise more, because the publisher adds a month at a time. */
async function monthsInside(
  { file, name, system, months }: NamedFile,
  refused: Refusal[],
): Promise<readonly Month[]> {
  try {
    return (await listMonths(file, name)).filter((month) => months.includes(month));
  } catch (error) {
    refused.push(refusalOf(error, { file, system, month: null }));
    return [];
  }
}
