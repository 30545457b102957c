import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { readZipEntry, type ZipEntry } from '../sources/zip-entry.ts';
import { RideScanner } from './ride-scanner.ts';
import { RideTally } from './ride-tally.ts';
import type { Tally } from './tally.ts';
import { VERDICTS, type DurationRule } from './verdict.ts';

/** Plain data, to be handed from one thread to another. */
export interface ScanJob {
  readonly place: BadArchivePlace;
  readonly entry: ZipEntry;
  /** `YYYY-MM`, the month the archive is named for. */
  readonly month: string;
  readonly rule: DurationRule;
  /** Path without ending of files for keys; they are the caller's to remove. */
  readonly scratch: string;
  readonly contested: readonly string[];
}

export interface ScannedCsv {
  readonly tally: Tally;
  readonly header: string;
  readonly quoted: boolean;
}

/** More unreadable times than this are another format, not a few bad rows. */
const UNPARSABLE_SHARE = 0.5;

/**
 * Reads one CSV of an archive, from its packed bytes to sums.
 * @param onBytes called with the count of inflated bytes of each chunk.
 * @throws CitibikeError BAD_ARCHIVE naming archive, entry, line and reason.
 */
export async function scanCsv(job: ScanJob, onBytes: (bytes: number) => void): Promise<ScannedCsv> {
  const { place, entry, month, rule, scratch } = job;
  const sink = new RideTally({ month, rule, scratch, contested: new Set(job.contested) });
  const scanner = new RideScanner(place, sink);
  for await (const chunk of readZipEntry(entry, place)) {
    scanner.feed(chunk);
    onBytes(chunk.byteLength);
  }
  scanner.end();
  const tally = sink.finish();
  if (tally.rows === 0) throw badArchive({ ...place, line: 1 }, 'a header and no rides');
  const unparsable = tally.verdicts[VERDICTS.indexOf('unparsable_start')]!;
  if (unparsable > tally.rows * UNPARSABLE_SHARE) {
    throw badArchive(
      place,
      `${unparsable} of ${tally.rows} start times cannot be read; expected 2024-01-31 23:59:59.999 or 1/31/2015 23:59:59`,
    );
  }
  return { tally, header: scanner.header, quoted: scanner.quoted };
}
