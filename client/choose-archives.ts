/** Which of the files given are read, and for which months. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { listMonths } from '../adapters/sources/zip-reader.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { System } from '../contracts/options.ts';
import type { Month } from '../contracts/months.ts';
import { parseTripFileName } from '../core/ingest/source-names.ts';

/** An archive, and the month it is read for. */
export interface ArchiveMonth {
  /** Local path. */
  readonly file: string;
  /** As published. */
  readonly name: string;
  readonly system: System;
  readonly month: Month;
}

/** A file, or a month, that is in no data set, and why. */
export interface Refusal {
  readonly file: string;
  readonly system: System | null;
  readonly month: Month | null;
  readonly code: string;
  readonly reason: string;
}

/** @throws the error itself where it is not of the catalogue: a fault of ours or of the machine, and no verdict on the file. */
export function refusalOf(error: unknown, about: Pick<Refusal, 'file' | 'system' | 'month'>): Refusal {
  if (!(error instanceof CitibikeError)) throw error;
  const { file, system, month } = about;
  return { file, system, month, code: error.code, reason: error.message };
}

interface NamedFile {
  readonly file: string;
  readonly name: string;
  readonly system: System;
  readonly modified: number;
  /** Empty for a year's archive, whose directory tells. */
  readonly months: readonly Month[];
}

export interface ChosenArchives {
  readonly chosen: readonly ArchiveMonth[];
  /** Files of which no month is read, as another one given is of the same month. */
  readonly superseded: readonly string[];
  readonly refused: readonly Refusal[];
}

/**
 * Of several files of one month the newest is read; a month's own archive comes before its part of the year's.
 * A path that is no file, and a name that tells too little, are refused as a broken archive is: the rest is read.
 * @param fallback system of files whose names do not tell.
 */
export async function chooseArchives(
  files: readonly string[],
  fallback: System | undefined,
): Promise<ChosenArchives> {
  const refused: Refusal[] = [];
  const named: NamedFile[] = [];
  for (const file of files) {
    try {
      named.push(await nameFile(file, fallback));
    } catch (error) {
      refused.push(refusalOf(error, { file, system: null, month: null }));
    }
  }
  const candidates: (ArchiveMonth & { readonly ofYear: boolean; readonly modified: number })[] = [];
  for (const { months, ...about } of named) {
    const ofYear = months.length === 0;
    const inside = ofYear ? await monthsInside(about, refused) : months;
    for (const month of inside) candidates.push({ ...about, month, ofYear });
  }
  const best = new Map<string, (typeof candidates)[number]>();
  for (const each of candidates) {
    const key = `${each.system} ${each.month}`;
    const other = best.get(key);
    if (!other || (each.ofYear === other.ofYear ? each.modified > other.modified : other.ofYear))
      best.set(key, each);
  }
  const chosen = [...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const used = new Set([...chosen.map(({ file }) => file), ...refused.map(({ file }) => file)]);
  return { chosen, superseded: files.filter((file) => !used.has(file)), refused };
}

async function nameFile(file: string, fallback: System | undefined): Promise<NamedFile> {
  const name = path.basename(file);
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile())
    throw new CitibikeError(
      'SOURCE_NOT_FOUND',
      `${file} is no file; expected trip archives (.zip) or trip CSVs`,
    );
  const parsed = parseTripFileName(name);
  if (parsed?.kind === 'hourly')
    throw new CitibikeError('INVALID_INPUT', `${file}: expected rides, got hours already processed`);
  const system = parsed?.system ?? fallback ?? systemInName(name);
  if (!system) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: its name does not say which system it is of; name it as published (202401-citibike-tripdata.zip, JC-202401-citibike-tripdata.csv.zip) or give --system`,
    );
  }
  const about = { file, name, system, modified: info.mtimeMs };
  if (parsed) return { ...about, months: parsed.kind === 'year-archive' ? [] : parsed.months };
  const month = /(?:^|\D)(20\d{2})-?(0[1-9]|1[0-2])(?!\d)/.exec(name);
  if (!month) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: its name does not say which month it is of: put YYYYMM into it, as in 202401-rides.csv`,
    );
  }
  return { ...about, months: [`${month[1]}-${month[2]}`] };
}

/** Of `JC-202401 rides.csv` and `202401-citibike-tripdata_1.csv`, which are not named as archives are. */
function systemInName(name: string): System | undefined {
  if (/^JC-?20\d{4}/i.test(name)) return 'jc';
  return /^20\d{4}[- ]citi?bike/i.test(name) ? 'nyc' : undefined;
}

async function monthsInside(
  { file, name, system }: Omit<NamedFile, 'months'>,
  refused: Refusal[],
): Promise<readonly Month[]> {
  try {
    return await listMonths(file, name);
  } catch (error) {
    refused.push(refusalOf(error, { file, system, month: null }));
    return [];
  }
}
