/** Scans a CSV on one thread, or a large one on two. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { badArchive } from '../sources/bad-archive.ts';
import { readZipEntry } from '../sources/zip-entry.ts';
import { allOrAbort } from './all-or-abort.ts';
import { RIDE_OUTCOMES } from './ride-outcome.ts';
import { hasFreeThread, LARGE_CSV_BYTES, runRideJob, type JobOptions } from './ride-workers.ts';
import type { ScanJob, ScannedLines } from './scan-csv.ts';
import { sharedMemory } from './shared-blocks.ts';
import type { Tally } from './tally.ts';

export interface ScannedCsv {
  /** One tally for each thread that scanned lines. */
  readonly tallies: readonly Tally[];
  readonly header: string;
  readonly quoted: boolean;
}

export interface ScanOptions extends JobOptions {
  /** Bytes of the blocks in which two threads share a CSV of any size. Default: they share large ones. */
  readonly blockBytes?: number | undefined;
}

/** Equals the size of the chunks of zip-entry.ts. */
const BLOCK_BYTES = 256 * 1024;

/** A larger share of unreadable times means an unknown format, not a few bad rows. */
const UNPARSABLE_SHARE = 0.5;

/**
 * Reads one compressed CSV of an archive and sums its rides.
 * @throws CitibikeError BAD_ARCHIVE with the archive, entry, line and reason.
 */
export async function scanOnThreads(job: ScanJob, options: ScanOptions): Promise<ScannedCsv> {
  const scanned = (await scanTogether(job, options)) ?? [await runRideJob('scan', job, options)];
  const tallies = scanned.map(({ tally }) => tally);
  const sum = (value: (tally: Tally) => number) => tallies.reduce((total, tally) => total + value(tally), 0);
  const rows = sum((tally) => tally.rows);
  if (rows + sum((tally) => tally.rowsOfOtherMonths) === 0)
    throw badArchive({ ...job.place, line: 1 }, 'a header and no rides, expected at least one ride');
  const unparsable = sum(({ outcomes }) => outcomes[RIDE_OUTCOMES.indexOf('unparsable_start')]!);
  if (unparsable > rows * UNPARSABLE_SHARE) {
    throw badArchive(
      job.place,
      `${unparsable} of ${rows} start times cannot be read; expected 2024-01-31 23:59:59.999 or 1/31/2015 23:59:59. ` +
        `Line 2 is ${showValue(await secondLine(job))}`,
    );
  }
  return { tallies, header: scanned[0]!.header, quoted: scanned.some(({ quoted }) => quoted) };
}

/** Returns the first ride as an example for messages, or its beginning. */
async function secondLine({ entry, place }: ScanJob): Promise<string> {
  for await (const chunk of readZipEntry(entry, place)) return chunk.toString('utf8').split('\n')[1] ?? '';
  return '';
}

/**
 * Scans a CSV on two threads, if both are free and the order of the rows does not matter, as it does to the positions of stations.
 * @returns null if one thread has to scan the CSV. That is so for any CSV that may be rejected, because the line of an error is
 * known only to a thread that scans all lines.
 */
async function scanTogether(
  job: ScanJob,
  { blockBytes, ...options }: ScanOptions,
): Promise<readonly ScannedLines[] | null> {
  const isLarge = blockBytes !== undefined || job.entry.bytes >= LARGE_CSV_BYTES;
  if (job.withStations || !isLarge || !hasFreeThread('scanning') || !hasFreeThread('writing')) return null;
  const shared = sharedMemory(blockBytes ?? BLOCK_BYTES);
  try {
    return await allOrAbort(options.signal, ({ signal }) => [
      runRideJob('scan', { ...job, shared }, { ...options, signal }),
      runRideJob('sentLines', { ...job, shared, scratch: `${job.scratch}-sent` }, { signal }),
    ]);
  } catch (error) {
    if (error instanceof CitibikeError && !options.signal?.aborted) return null;
    throw error;
  }
}
