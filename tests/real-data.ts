/** Returns the folder of real trip archives, hourly files and weather. Tests that need it skip without it and give the reason. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export function realDataDir(): string | undefined {
  const dir = path.resolve(
    process.env['CITIBIKE_DATA'] ?? path.join(import.meta.dirname, '..', '..', 'shared', 'data'),
  );
  return existsSync(path.join(dir, 'hourly')) ? dir : undefined;
}

/** Reason of tests that are skipped. */
export const NO_REAL_DATA =
  'no real data: set CITIBIKE_DATA to a folder with hourly/, weather/ and tripdata/';
