/** One synthetic month of any size, streamed to disk: what the benches measure on, and a trial of one's own machine. */
import path from 'node:path';
import { ZipStreamWriter } from '../adapters/sources/zip-stream-writer.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { Month } from '../contracts/months.ts';
import { addMonths, daysBetween } from '../contracts/calendar.ts';
import { largeMonth, LEAST_RIDES_OF_LARGE_MONTH } from '../core/sample/large-month.ts';
import { archiveName, csvFormat, FIRST_MODERN_MONTH } from '../core/sample/publish.ts';
import { sampleDays, type Ride } from '../core/sample/rides.ts';
import { sampleWeather } from '../core/sample/weather.ts';
import { APPLE_DOUBLE, writeSampleFolder, writeWeather, type WrittenSample } from './write-sample.ts';
import type { System } from '../contracts/options.ts';

export interface WriteLargeSampleOptions {
  /** Folder to make; an earlier sample there is replaced, anything else is refused. */
  readonly out: string;
  /** Rows of the month's archive, all its CSVs together. */
  readonly rides: number;
  /** CSVs in the archive; left out: as published, one for every million rides of nyc and one in all of jc. */
  readonly csvs?: number;
  readonly system?: System;
  readonly month?: Month;
  readonly seed?: number;
}

export const LARGE_SAMPLE_DEFAULTS = { system: 'nyc', month: '2024-10', seed: 42 } as const;

/** Three times the largest month so far, and safely below the 4 GiB of an archive without zip64. */
const MOST_RIDES = 15_000_000;

/** As published since 2024. */
const RIDES_A_CSV = 1_000_000;

/** Rows that are put together before they are deflated. */
const ROWS_A_CHUNK = 2_000;

/** The same options give the same files. */
export async function writeLargeSample(options: WriteLargeSampleOptions): Promise<WrittenSample> {
  const { out, csvs: wanted, ...given } = options;
  const sample = { ...LARGE_SAMPLE_DEFAULTS, ...given };
  check(sample);
  const csvs = wanted ?? (sample.system === 'nyc' ? Math.ceil(sample.rides / RIDES_A_CSV) : 1);
  if (csvs < 1 || csvs > 100)
    throw new CitibikeError('INVALID_INPUT', `CSVs: got ${csvs}, expected 1 to 100`);
  const { month } = sample;
  return writeSampleFolder(out, { ...sample, csvs }, async (folder) => {
    const { firstDay, lastDay } = sampleDays(month, month);
    const weather = sampleWeather(daysBetween(firstDay, lastDay), sample.seed);
    await writeWeather(folder, weather, month, month);
    const rides = largeMonth(sample, new Map(weather.map((day) => [day.date, day])));
    const archive = archiveName(sample.system, month);
    const stem = archive.replace(/(\.csv)?\.zip$/, '');
    const zip = await ZipStreamWriter.create(path.join(folder, archive), `${addMonths(month, 1)}-04`);
    try {
      for (let part = 1; part <= csvs; part += 1) {
        const name = csvs === 1 ? `${stem}.csv` : `${stem}_${part}.csv`;
        const rows = Math.ceil((sample.rides * part) / csvs) - Math.ceil((sample.rides * (part - 1)) / csvs);
        await zip.add(name, csvChunks(month, rides, rows));
        await zip.add(`__MACOSX/._${name}`, [APPLE_DOUBLE]);
      }
      return { archives: 1, rides: sample.rides, bytes: await zip.finish() };
    } finally {
      await zip.close();
    }
  });
}

function check({ rides, month }: { rides: number; month: Month }): void {
  if (!(rides >= LEAST_RIDES_OF_LARGE_MONTH && rides <= MOST_RIDES)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `rides: got ${rides}, expected ${LEAST_RIDES_OF_LARGE_MONTH} to ${MOST_RIDES}`,
    );
  }
  if (month < FIRST_MODERN_MONTH) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `month ${month}: sample months begin with ${FIRST_MODERN_MONTH}, the first of the modern layout`,
    );
  }
}

/** The next rows of `rides` as a CSV. */
function* csvChunks(month: Month, rides: Iterator<Ride>, rows: number): Generator<Buffer> {
  const { header, line } = csvFormat(month);
  let lines = [header];
  for (let row = 0; row < rows; row += 1) {
    lines.push(line(rides.next().value as Ride));
    if (lines.length < ROWS_A_CHUNK) continue;
    yield Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
    lines = [];
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}
