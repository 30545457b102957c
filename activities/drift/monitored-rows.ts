import { readFrame, readFrameFile } from '../../adapters/duckdb/frame-file.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { FRAME_WITHOUT_TRIPS_SCHEMA_VERSION, type FrameRow } from '../../contracts/frame.ts';
import { withTempDir } from '../common/temp-dir.ts';

export interface MonitoredRows {
  /** Unpublished trips are NaN. */
  readonly rows: readonly FrameRow[];
  readonly withTrips: boolean;
}

/** Reads a frame with or without published trips. @throws CitibikeError INVALID_INPUT if it has no hours. */
export async function readMonitoredRows(
  artifacts: ArtifactStore,
  frame: ArtifactRef,
  days?: { readonly from: string; readonly to: string },
): Promise<MonitoredRows> {
  const withTrips = frame.schemaVersion !== FRAME_WITHOUT_TRIPS_SCHEMA_VERSION;
  const all = withTrips ? await readFrame(artifacts, frame) : await readWithoutTrips(artifacts, frame);
  const rows = days ? all.filter(({ date }) => date >= days.from && date <= days.to) : all;
  if (rows.length === 0) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `frame ${frame.uri} has no hours${days ? ` from ${days.from} to ${days.to}` : ''}. Build it for months with data`,
    );
  }
  return { rows, withTrips };
}

function readWithoutTrips(artifacts: ArtifactStore, frame: ArtifactRef): Promise<FrameRow[]> {
  return withTempDir(async (dir) => {
    const file = `${dir}/frame.parquet`;
    await artifacts.readToFile(frame, file);
    return (await readFrameFile(file)).map((row) => ({ ...row, trips: NaN }));
  });
}
