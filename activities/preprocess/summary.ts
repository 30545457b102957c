import type { DatasetManifest } from '../../contracts/frame.ts';
import type { DatasetSummary } from '../../contracts/activities/preprocess.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import { producerOf } from '../dependencies.ts';

/** Grows with changes of the manifest's layout. */
const STAGE_VERSION = 1;

/** Writes the manifest. The same months and weather share one manifest. */
export async function writeDataset(
  artifacts: ArtifactStore,
  codeVersion: string,
  manifest: DatasetManifest,
  cache: boolean,
): Promise<DatasetSummary> {
  const { system, rules, synthetic, months, weather } = manifest;
  const hours = months.reduce((total, month) => total + month.hours, 0);
  const trips = months.reduce((total, month) => total + month.trips, 0);
  const { value, cached } = await artifacts.cached(
    'compose',
    { version: STAGE_VERSION, manifest },
    cache,
    () =>
      artifacts.writeJson(producerOf('compose', codeVersion), manifest, {
        name: 'dataset.json',
        schemaVersion: 1,
        rows: hours,
        inputs: [...months, ...weather].map(({ ref }) => ref),
        parameters: { system, rules, months: months.map(({ month }) => month) },
        facts: { trips, provisional: months.filter((each) => each.provisional).map((each) => each.month) },
        synthetic,
      }),
  );
  return { dataset: value, hours, trips, synthetic, cached };
}
