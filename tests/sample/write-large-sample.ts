/** Streams one synthetic month of any size to disk, with only a few rows in memory. */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import {
  APPLE_DOUBLE,
  writeSampleFolder,
  writeWeather,
  type WrittenSample,
} from '../../client/write-sample.ts';
import { zipOptions } from '../../client/zip-of.ts';
import { type Month } from '../../contracts/months.ts';
import { addMonths, daysBetween } from '../../contracts/calendar.ts';
import { archiveName, formatOf } from '../../core/sample/publish.ts';
import type { CsvFormat } from '../../core/sample/csv-formats.ts';
import { JC, NYC } from '../fixtures/shipped-systems.ts';
import { sampleDays, type Ride } from '../../core/sample/rides.ts';
import { sampleWeather } from '../../core/sample/weather.ts';
import { largeMonth, LEAST_RIDES_OF_LARGE_MONTH } from './large-month.ts';

export interface WriteLargeSampleOptions {
  /** Folder to write. An earlier sample there is replaced; any other content is rejected. */
  readonly out: string;
  /** Rows of the month's archive, over all its CSVs. */
  readonly rides: number;
  /** Number of CSVs in the archive. */
  readonly csvs: number;
  readonly system?: 'nyc' | 'jc';
  readonly month?: Month;
  readonly seed?: number;
}

const DEFAULTS = { system: 'nyc', month: '2024-10', seed: 42 } as const;

/** Sets the rows that are joined before compression. */
const ROWS_A_CHUNK = 2_000;

/** Writes the month. The same options give the same files. */
export async function writeLargeSample({ out, ...given }: WriteLargeSampleOptions): Promise<WrittenSample> {
  const sample = { ...DEFAULTS, ...given };
  const { month, csvs } = sample;
  const facts = sample.system === 'jc' ? JC : NYC;
  if (sample.rides < LEAST_RIDES_OF_LARGE_MONTH)
    throw new RangeError(`rides: got ${sample.rides}, expected at least ${LEAST_RIDES_OF_LARGE_MONTH}`);
  return writeSampleFolder(out, facts, sample, async (folder) => {
    const { firstDay, lastDay } = sampleDays(month, month);
    const weather = sampleWeather(facts, daysBetween(firstDay, lastDay), sample.seed);
    await writeWeather(folder, weather, month, month);
    const rides = largeMonth({ ...sample, facts }, new Map(weather.map((day) => [day.date, day])));
    const archive = archiveName(facts, month);
    const stem = archive.replace(/(\.csv)?\.zip$/, '');
    const options = zipOptions(`${addMonths(month, 1)}-04`);
    const zip = new ZipFile();
    for (let part = 1; part <= csvs; part += 1) {
      const name = csvs === 1 ? `${stem}.csv` : `${stem}_${part}.csv`;
      const rows = Math.ceil((sample.rides * part) / csvs) - Math.ceil((sample.rides * (part - 1)) / csvs);
      zip.addReadStream(Readable.from(csvChunks(formatOf(facts, month), rides, rows)), name, options);
      zip.addBuffer(APPLE_DOUBLE, `__MACOSX/._${name}`, options);
    }
    zip.end();
    const file = path.join(folder, archive);
    await pipeline(zip.outputStream, createWriteStream(file));
    return { archives: 1, rides: sample.rides, bytes: (await stat(file)).size };
  });
}

/** Yields the next rows of `rides` as a CSV. */
function* csvChunks({ header, line }: CsvFormat, rides: Iterator<Ride>, rows: number): Generator<Buffer> {
  let lines = [header];
  for (let row = 0; row < rows; row += 1) {
    lines.push(line(rides.next().value as Ride));
    if (lines.length < ROWS_A_CHUNK) continue;
    yield Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
    lines = [];
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}
