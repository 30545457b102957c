/**
 * Trip archives to trips per hour. Archives are unpacked one after the other, so that the disk holds one at a time; rides are read
 * as text, so that ids keep their digits, and times to the microsecond.
 */
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { DuckDBConnection } from '@duckdb/node-api';
import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import { extractCsvs, type ExtractedCsv } from '../sources/zip-reader.ts';
import type { HourCount } from './hours.ts';
import { asBadArchive } from './csv-error.ts';
import { recogniseHeader } from './ride-header.ts';
import { VERDICTS, csvSource, timeSql, verdictSql, type DurationRule, type Verdict } from './ride-sql.ts';
import { sqlText, withDuckDb } from './session.ts';

export interface RideArchive {
  /** As published; for messages and facts. */
  readonly name: string;
  /** Local path of a zip, or of a bare CSV. */
  readonly file: string;
}

export interface CountRidesInput {
  readonly archives: readonly RideArchive[];
  /** Archives of neighbouring months: only their rides of the span count. */
  readonly neighbours?: readonly RideArchive[];
  readonly duration: DurationRule;
  /** First and last day to count, `YYYY-MM-DD`, inclusive; left out: all. */
  readonly days?: { readonly firstDay: string; readonly lastDay: string };
  /** An empty folder of the caller's, who removes it. */
  readonly workDir: string;
  readonly signal?: AbortSignal;
  /** Called as archives are unpacked (inflated bytes so far) and counted. */
  readonly onProgress?: (progress: { readonly archive: string; readonly bytes: number }) => void;
}

export interface RideFacts {
  /** Rows of the archives, without the neighbours'. */
  readonly rows: number;
  readonly rejected: Readonly<Record<Exclude<Verdict, 'kept'>, number>>;
  /** Valid rows dropped because another has their ride_id, within the span. */
  readonly duplicates: number;
  /** Valid rows of the archives that start outside the span. */
  readonly otherMonths: number;
  /** Valid rows of the neighbours that start in the span. */
  readonly fromNeighbours: number;
  /** Legacy rows that are equal in every column to another; kept, as they have no id. */
  readonly identicalLegacyRows: number;
  readonly trips: number;
}

export interface RideCount {
  /** Hours with at least one trip, sorted. */
  readonly hours: readonly HourCount[];
  readonly facts: RideFacts;
}

/** Copies of one ride lie at most this far apart: a neighbour's rides beyond it cannot be duplicates of ours. */
const SLACK_DAYS = 1;

/** More unreadable times than this are another format, not a few bad rows. */
const UNPARSABLE_SHARE = 0.5;

/** @throws CitibikeError BAD_ARCHIVE naming archive, entry, line and reason; then nothing is counted. */
export async function countRides(input: CountRidesInput): Promise<RideCount> {
  return withDuckDb(
    async (connection) => {
      const interrupt = () => connection.interrupt();
      input.signal?.addEventListener('abort', interrupt, { once: true });
      try {
        await connection.run(
          'CREATE TABLE rides (own BOOLEAN, id VARCHAR, started TIMESTAMP, verdict UTINYINT)',
        );
        let identicalLegacyRows = 0;
        for (const archive of input.archives)
          identicalLegacyRows += await loadArchive(connection, archive, true, input);
        for (const archive of input.neighbours ?? []) await loadArchive(connection, archive, false, input);
        return await count(connection, input, identicalLegacyRows);
      } catch (error) {
        input.signal?.throwIfAborted();
        throw error;
      } finally {
        input.signal?.removeEventListener('abort', interrupt);
      }
    },
    { spillDir: path.join(input.workDir, 'spill') },
  );
}

/** Loads all CSVs of an archive. @returns its identical legacy rows. */
async function loadArchive(
  connection: DuckDBConnection,
  archive: RideArchive,
  own: boolean,
  input: CountRidesInput,
): Promise<number> {
  const dir = path.join(input.workDir, 'csv');
  await mkdir(dir, { recursive: true });
  let bytes = 0;
  try {
    const csvs: ExtractedCsv[] = /\.csv$/i.test(archive.name)
      ? [{ name: archive.name, file: archive.file, bytes: 0 }]
      : await extractCsvs(archive.file, dir, {
          archiveName: archive.name,
          ...(input.signal ? { signal: input.signal } : {}),
          onBytes: (chunk) => input.onProgress?.({ archive: archive.name, bytes: (bytes += chunk) }),
        });
    let identical = 0;
    for (const csv of csvs) {
      input.signal?.throwIfAborted();
      identical += await loadCsv(connection, csv, own, input, {
        file: archive.name,
        entry: csv.name,
      });
      input.onProgress?.({ archive: archive.name, bytes });
    }
    return identical;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function loadCsv(
  connection: DuckDBConnection,
  csv: ExtractedCsv,
  own: boolean,
  input: CountRidesInput,
  place: BadArchivePlace,
): Promise<number> {
  const columns = recogniseHeader(await firstLine(csv.file), place);
  const source = csvSource(csv.file, columns);
  const id = columns.id === null ? 'NULL' : `nullif(c${columns.id}, '')`;
  const inReach =
    own || !input.days
      ? ''
      : `WHERE started BETWEEN ${sqlText(input.days.firstDay)}::TIMESTAMP - INTERVAL ${SLACK_DAYS} DAY
                         AND ${sqlText(input.days.lastDay)}::TIMESTAMP + INTERVAL ${SLACK_DAYS + 1} DAY`;
  try {
    const before = await scalar(connection, 'SELECT count(*) FROM rides');
    await connection.run(
      `INSERT INTO rides
       SELECT ${own}, id, started, ${verdictSql(input.duration)} AS verdict
       FROM (SELECT ${id} AS id, ${timeSql(`c${columns.started}`)} AS started, ${timeSql(`c${columns.ended}`)} AS ended FROM ${source})
       ${inReach}`,
    );
    if (own) await checkLoaded(connection, before, place);
    if (columns.schema === 'modern' || !own) return 0;
    return await scalar(connection, `SELECT count(*) - count(DISTINCT legacy) FROM ${source} AS legacy`);
  } catch (error) {
    throw asBadArchive(error, place);
  }
}

async function checkLoaded(
  connection: DuckDBConnection,
  before: number,
  place: BadArchivePlace,
): Promise<void> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, count(*) FILTER (started IS NULL)::DOUBLE FROM rides WHERE rowid >= ${before}`,
  );
  const [rows = 0, unparsable = 0] = (reader.getRowsJS()[0] ?? []).map(Number);
  if (rows === 0) throw badArchive({ ...place, line: 1 }, 'a header and no rides');
  if (unparsable > rows * UNPARSABLE_SHARE) {
    throw badArchive(
      place,
      `${unparsable} of ${rows} start times cannot be read; expected 2024-01-31 23:59:59.999 or 1/31/2015 23:59:59`,
    );
  }
}

async function count(
  connection: DuckDBConnection,
  input: CountRidesInput,
  identicalLegacyRows: number,
): Promise<RideCount> {
  const inSpan = input.days
    ? `started::DATE BETWEEN ${sqlText(input.days.firstDay)} AND ${sqlText(input.days.lastDay)}`
    : 'true';
  // Of several copies of a ride the earliest start counts: the same whatever order the files come in.
  const reader = await connection.runAndReadAll(
    `WITH unique_rides AS (
       SELECT min(started) AS started FROM rides WHERE verdict = 0 AND id IS NOT NULL GROUP BY id
       UNION ALL
       SELECT started FROM rides WHERE verdict = 0 AND id IS NULL)
     SELECT strftime(started, '%Y-%m-%d') AS date, hour(started)::INTEGER AS hour, count(*)::DOUBLE AS trips
     FROM unique_rides WHERE ${inSpan} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const hours = reader.getRowObjectsJS() as unknown as HourCount[];
  const tally = await connection.runAndReadAll(
    `SELECT own, verdict, (verdict <> 0 OR ${inSpan}) AS inside, count(*)::DOUBLE AS rows FROM rides GROUP BY ALL`,
  );
  const rows = tally.getRowObjectsJS() as { own: boolean; verdict: number; inside: boolean; rows: number }[];
  const sum = (test: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(test).reduce((total, row) => total + row.rows, 0);
  const rejected = (verdict: Verdict) => sum((row) => row.own && VERDICTS[row.verdict] === verdict);
  const trips = hours.reduce((total, hour) => total + hour.trips, 0);
  return {
    hours,
    facts: {
      rows: sum((row) => row.own),
      rejected: {
        unparsable_start: rejected('unparsable_start'),
        unparsable_end: rejected('unparsable_end'),
        not_positive: rejected('not_positive'),
        too_long: rejected('too_long'),
      },
      duplicates: sum((row) => row.verdict === 0 && row.inside) - trips,
      otherMonths: sum((row) => row.own && row.verdict === 0 && !row.inside),
      fromNeighbours: sum((row) => !row.own && row.verdict === 0 && row.inside),
      identicalLegacyRows,
      trips,
    },
  };
}

async function scalar(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRowsJS()[0]?.[0] ?? 0);
}

async function firstLine(file: string): Promise<string> {
  const stream = createReadStream(file, { encoding: 'utf8', end: 64 * 1024 });
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    stream.destroy();
  }
}
