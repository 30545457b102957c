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
import type { MonthQualityReport } from '../../core/quality/month-report.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { qualityFolder } from './quality-folders.ts';
import { writeQualityReport } from './write-quality-report.ts';

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
  deps: Pick<ActivityDependencies, 'artifacts' | 'codeVersion'>,
  { system, rules, synthetic, months }: DatasetManifest,
  weather: DatasetWeather,
): Promise<ArtifactRef | null> {
  const inputs = months.map(({ quality }) => quality).filter((ref) => ref !== null);
  if (inputs.length === 0) return null;
  const reports = await Promise.all(inputs.map((ref) => deps.artifacts.readJson<MonthQualityReport>(ref)));
  const report = buildDatasetReport(reports, weather);
  const folder = `${qualityFolder(deps.artifacts.objects.buckets.artifacts, { system, rules, synthetic })}/datasets`;
  const { json } = await writeQualityReport(deps, folder, {
    report,
    html: datasetReportPage(report),
    inputs,
    parameters: { system, rules, months: months.map(({ month }) => month) },
    facts: { verdict: report.verdict, weather: report.weather },
    synthetic,
  });
  return json;
}
