/** Reads and writes the hourly frame (contracts/frame.ts) as parquet. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { FRAME_SCHEMA_VERSION, type FrameRow } from '../../contracts/frame.ts';
import { WEATHER_INPUTS } from '../../contracts/weather-columns.ts';
import type { ArtifactStore } from '../s3/artifact-store.ts';
import { writeParquet, type Column } from './write-parquet.ts';
import { sqlPath, withDuckDb } from './with-duckdb.ts';

const FRAME_COLUMNS: readonly (Column & { readonly name: keyof FrameRow })[] = [
  { name: 'date', type: 'DATE' },
  { name: 'hour', type: 'INTEGER' },
  { name: 'trips', type: 'BIGINT' },
  { name: 'holiday', type: 'INTEGER' },
  ...WEATHER_INPUTS.map((name) => ({ name, type: 'DOUBLE' as const })),
  { name: 'weather_filled', type: 'BOOLEAN' },
];

/**
 * Downloads a frame and reads it, sorted by (date, hour).
 * @throws CitibikeError INVALID_INPUT for an unknown schema version, CORRUPT_ARTIFACT if the bytes do not match the reference.
 */
export async function readFrame(artifacts: ArtifactStore, ref: ArtifactRef): Promise<FrameRow[]> {
  if (ref.schemaVersion !== FRAME_SCHEMA_VERSION) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${ref.uri} has frame schema version ${ref.schemaVersion}, this code reads ${FRAME_SCHEMA_VERSION}: build the frame again`,
    );
  }
  const dir = await mkdtemp(path.join(tmpdir(), 'citibike-frame-'));
  try {
    const file = path.join(dir, 'frame.parquet');
    await artifacts.readToFile(ref, file);
    return await readFrameFile(file);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Reads a frame from a local parquet file, sorted by (date, hour). A column that the file does not have is null. */
export async function readFrameFile(file: string): Promise<FrameRow[]> {
  const [date, hour, trips, ...rest] = FRAME_COLUMNS.map(({ name }) => name);
  const nulls = FRAME_COLUMNS.map(({ name, type }) => `NULL::${type} AS ${name}`);
  return withDuckDb(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT strftime(${date}, '%Y-%m-%d') AS ${date}, ${hour}, ${trips}::DOUBLE AS ${trips}, ${rest.join(', ')}
       FROM (FROM read_parquet(${sqlPath(file)}) UNION ALL BY NAME SELECT ${nulls.join(', ')} WHERE false)
       ORDER BY 1, 2`,
    );
    return reader.getRowObjectsJS() as unknown as FrameRow[];
  });
}

/** Represents an hour whose trips may not be published yet. */
export type ForecastRow = Omit<FrameRow, 'trips'> & { readonly trips: number | null };

/** Writes rows, which must be sorted and unique by (date, hour). The same rows give the same bytes. */
export async function writeFrameFile(file: string, rows: readonly ForecastRow[]): Promise<void> {
  await writeParquet(
    file,
    FRAME_COLUMNS,
    rows.map((row) => FRAME_COLUMNS.map(({ name }) => row[name] ?? null)),
  );
}
