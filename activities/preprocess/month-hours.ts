import path from 'node:path';
import { readHoursFiles } from '../../adapters/duckdb/hours-files.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import { monthHoursUri } from '../../contracts/hours.ts';
import { withTempDir } from '../common/temp-dir.ts';

/** Writes the hours of a month as JSON next to its parquet, unless the file exists. The page of the month shows them. */
export async function writeMonthHours(artifacts: ArtifactStore, { ref }: MonthDataset): Promise<void> {
  const uri = monthHoursUri(ref.uri);
  if (await artifacts.has(uri)) return;
  await withTempDir(async (dir) => {
    const file = path.join(dir, 'month.parquet');
    await artifacts.readToFile(ref, file);
    const hours = await readHoursFiles([file]);
    await artifacts.objects.put(uri, JSON.stringify(hours), { contentType: 'application/json' });
  });
}
