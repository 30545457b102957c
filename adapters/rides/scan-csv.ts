import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { readZipEntry, type ZipEntry } from '../sources/zip-entry.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import type { CsvLayouts } from './csv-layouts.ts';
import { RideScanner } from './ride-scanner.ts';
import { RideTally } from './ride-tally.ts';
import type { Tally } from './tally.ts';
import { RIDE_OUTCOMES, type DurationRule } from './ride-outcome.ts';

/** Input of a scan: plain data, which can be sent to another thread. */
export interface ScanJob {
  readonly place: BadArchivePlace;
  readonly entry: ZipEntry;
  /** `YYYY-MM`, the month for which the archive is read. */
  readonly month: string;
  /** All months of the CSV, which is read once for each. */
  readonly months: MonthSpan;
  readonly rule: DurationRule;
  /** Path of the key files, without extension. The caller removes them. */
  readonly scratch: string;
  readonly contested: readonly string[];
  /** Layouts that the header may have. */
  readonly layouts: CsvLayouts;
  /** False leaves out the hours of arrivals and the positions of stations. */
  readonly withStations: boolean;
}

export interface ScannedCsv {
  readonly tally: Tally;
  readonly header: string;
  readonly quoted: boolean;
}

/** A larger share of unreadable times means an unknown format, not a few bad rows. */
const UNPARSABLE_SHARE = 0.5;

/**
 * Reads one compressed CSV of an archive and sums its rides.
 * @param onBytes called with the number of inflated bytes of each chunk.
 * @throws CitibikeError BAD_ARCHIVE with the archive, entry, line and reason.
 */
export async function scanCsv(job: ScanJob, onBytes: (bytes: number) => void): Promise<ScannedCsv> {
  const { place, entry, month, months, rule, scratch, withStations } = job;
  const sink = new RideTally({
    month,
    months,
    rule,
    scratch,
    contested: new Set(job.contested),
    withStations,
  });
  const scanner = new RideScanner(place, sink, job.layouts);
  for await (const chunk of readZipEntry(entry, place)) {
    scanner.feed(chunk);
    onBytes(chunk.byteLength);
  }
  scanner.end();
  const tally = sink.finish();
  if (tally.rows + tally.rowsOfOtherMonths === 0)
    throw badArchive({ ...place, line: 1 }, 'a header and no rides, expected at least one ride');
  const unparsable = tally.outcomes[RIDE_OUTCOMES.indexOf('unparsable_start')]!;
  if (unparsable > tally.rows * UNPARSABLE_SHARE) {
    throw badArchive(
      place,
      `${unparsable} of ${tally.rows} start times cannot be read; expected 2024-01-31 23:59:59.999 or 1/31/2015 23:59:59`,
    );
  }
  return { tally, header: scanner.header, quoted: scanner.quoted };
}
