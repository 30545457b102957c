import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { readZipEntry, type ZipEntry } from '../sources/zip-entry.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import type { CsvLayouts } from './csv-layouts.ts';
import { RideScanner } from './ride-scanner.ts';
import { RideTally } from './ride-tally.ts';
import { SharedBlocks, type SharedMemory } from './shared-blocks.ts';
import type { Tally } from './tally.ts';
import type { DurationRule } from './ride-outcome.ts';

/** Represents the input of a scan: plain data, which can be sent to another thread. */
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
  /** Passes lines to a second thread, which counts them apart. Null means that one thread scans the CSV. */
  readonly shared: SharedMemory | null;
}

/** Represents the input of a scan that two threads share. */
export interface SharedScanJob extends ScanJob {
  readonly shared: SharedMemory;
}

/** Represents the results of the lines that one thread scanned. */
export interface ScannedLines {
  readonly tally: Tally;
  readonly header: string;
  readonly quoted: boolean;
}

const LINE_FEED = 10;

/**
 * Reads one compressed CSV of an archive and sums its rides, except for the lines that a second thread takes.
 * @param onBytes called with the number of inflated bytes of each chunk.
 * @throws CitibikeError BAD_ARCHIVE with the archive, entry, line and reason. The line is wrong if a second thread took some.
 */
export async function scanCsv(job: ScanJob, onBytes: (bytes: number) => void): Promise<ScannedLines> {
  const { place, entry, shared } = job;
  const scan = new Scan(job);
  const blocks = shared === null ? null : new SharedBlocks(shared);
  try {
    for await (const chunk of readZipEntry(entry, place)) {
      if (blocks === null) scan.scanner.feed(chunk);
      else scanOrSend(chunk, blocks, scan.scanner);
      onBytes(chunk.byteLength);
    }
    blocks?.end();
    return scan.finish();
  } finally {
    scan.close();
  }
}

/** Gives blocks of a chunk to the second thread, after the header, and scans what it does not take. */
function scanOrSend(chunk: Uint8Array, blocks: SharedBlocks, scanner: RideScanner): void {
  for (let at = 0; at < chunk.length; at += blocks.blockBytes) {
    const bytes = chunk.subarray(at, at + blocks.blockBytes);
    if (blocks.hasSent) sendOrFeed(bytes, blocks, scanner);
    else {
      scanner.feed(bytes);
      if (scanner.header !== '') blocks.send(Buffer.from(`${scanner.header}\n`));
    }
  }
}

/** Sends the whole lines to the second thread, or scans them if it is busy. This thread scans the lines at the borders. */
function sendOrFeed(bytes: Uint8Array, blocks: SharedBlocks, scanner: RideScanner): void {
  const from = bytes.indexOf(LINE_FEED) + 1;
  const to = bytes.lastIndexOf(LINE_FEED) + 1;
  if (from < to && blocks.send(bytes.subarray(from, to))) {
    scanner.feed(bytes.subarray(0, from));
    scanner.feed(bytes.subarray(to));
  } else scanner.feed(bytes);
}

/** Sums the rides of the lines that the thread of `scanCsv` sends. @throws CitibikeError BAD_ARCHIVE with a wrong line. */
export function scanSentLines(job: SharedScanJob): ScannedLines {
  const scan = new Scan(job);
  try {
    for (const block of new SharedBlocks(job.shared).received()) scan.scanner.feed(block);
    return scan.finish();
  } finally {
    scan.close();
  }
}

/** Scans lines into a tally. */
class Scan {
  readonly #job: ScanJob;
  readonly #sink: RideTally;
  readonly scanner: RideScanner;

  constructor(job: ScanJob) {
    this.#job = job;
    this.#sink = new RideTally({
      ...job,
      contested: new Set(job.contested),
      limitShare: job.shared === null ? 1 : 0.5,
    });
    this.scanner = new RideScanner(job.place, this.#sink, job.layouts);
  }

  finish(): ScannedLines {
    this.scanner.end();
    const { header, quoted, hasEmptyLine } = this.scanner;
    if (hasEmptyLine && this.#job.shared !== null)
      throw badArchive(this.#job.place, 'an empty line, which is permitted only at the end of the whole CSV');
    return { tally: this.#sink.finish(), header, quoted };
  }

  /** Closes the files, also of a scan that failed. */
  close(): void {
    this.#sink.abandon();
  }
}
