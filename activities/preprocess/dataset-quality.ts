/** Writes the quality report of a data set, with its months' reports and its weather. Only the gates of the months can fail. */
import { readStoredWeather } from '../common/read-weather.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { DatasetManifest } from '../../contracts/frame.ts';
import {
  buildDatasetReport,
  datasetReportPage,
  datasetWeather,
  type DatasetWeather,
} from '../../core/quality/dataset-report.ts';
import { QUALITY_SCHEMA_VERSION, type MonthQualityReport } from '../../core/quality/month-report.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { pageOf, qualityFolder, reportUri } from './quality-folders.ts';

/** Returns the days of the data set's months that have no weather record. */
export async function readDatasetWeather(
  { artifacts }: Pick<ActivityDependencies, 'artifacts'>,
  { months, weather }: DatasetManifest,
): Promise<DatasetWeather> {
  const observed = [];
  for (const { ref } of weather)
    observed.push(...(await readStoredWeather(await artifacts.read(ref), ref.uri)));
  return datasetWeather(
    observed,
    months.map(({ month }) => month),
  );
}

/**
 * Writes `{artifacts bucket}/quality/{system}/{rules}/datasets/{digest}/report.json` and `.html`. Returns the reference of the
 * JSON, or null if no month has a report.
 */
export async function writeDatasetQuality(
  { artifacts, codeVersion }: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  { system, rules, synthetic, months }: DatasetManifest,
  weather: DatasetWeather,
): Promise<ArtifactRef | null> {
  const inputs = months.map(({ quality }) => quality).filter((ref) => ref !== null);
  if (inputs.length === 0) return null;
  const reports = await Promise.all(inputs.map((ref) => artifacts.readJson<MonthQualityReport>(ref)));
  const report = buildDatasetReport(reports, weather);
  const producer = producerOf('quality', codeVersion);
  const folder = `${qualityFolder(artifacts.objects.buckets.artifacts, { system, rules, synthetic })}/datasets`;
  const common = {
    schemaVersion: QUALITY_SCHEMA_VERSION,
    inputs,
    parameters: { system, rules, months: months.map(({ month }) => month) },
    facts: { verdict: report.verdict, weather: report.weather },
    synthetic,
  };
  const json = await artifacts.writeJson(
    producer,
    report,
    { ...common, name: 'report.json', uri: (sha256) => reportUri(folder, sha256) },
    'canonical',
  );
  await artifacts.write(producer, {
    ...common,
    name: 'report.html',
    content: Buffer.from(datasetReportPage(report)),
    contentType: 'text/html; charset=utf-8',
    uri: () => pageOf(json.uri),
  });
  return json;
}
