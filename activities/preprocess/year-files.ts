/** Writes the yearly files that people read, with the newest months and weather. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readHoursFiles, writeHoursFile } from '../../adapters/duckdb/hours-files.ts';
import { writeParquet, type Column } from '../../adapters/duckdb/write-parquet.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import type { DatasetManifest, MonthDataset } from '../../contracts/frame.ts';
import { monthsOf } from '../../contracts/calendar.ts';
import { WEATHER_CSV_COLUMNS } from '../../contracts/weather-columns.ts';
import { advanceObject, readPointer } from '../common/pointer.ts';
import { readStoredWeather } from '../common/read-weather.ts';
import { withTempDir } from '../common/temp-dir.ts';
import { monthPointer } from './month-folders.ts';

const PARQUET = 'application/vnd.apache.parquet';

const WEATHER_PARQUET_COLUMNS: readonly Column[] = [
  { name: 'DATE', type: 'DATE' },
  ...WEATHER_CSV_COLUMNS.map((name) => ({ name, type: 'DOUBLE' as const })),
];

/** Rewrites the changed files of all years of the data set. */
export async function advanceYearFiles(artifacts: ArtifactStore, dataset: DatasetManifest): Promise<void> {
  const folder = `s3://${artifacts.objects.buckets.data}/datasets/processed`;
  const years = [...new Set(dataset.months.map(({ month }) => month.slice(0, 4)))];
  for (const year of years) {
    await advanceObject(
      artifacts.objects,
      `${folder}/citibike/${year}-citibike-tripdata.parquet`,
      await hoursOfYear(artifacts, dataset, year),
      PARQUET,
    );
  }
  for (const { year, ref } of dataset.weather) {
    await advanceObject(
      artifacts.objects,
      `${folder}/weather/${year}-weather.parquet`,
      await weatherParquet(await artifacts.read(ref), ref.uri),
      PARQUET,
    );
  }
}

/** Returns the hours of all ingested months of the year, so that an ingest of one month keeps the others. */
async function hoursOfYear(
  artifacts: ArtifactStore,
  { system, rules, synthetic }: DatasetManifest,
  year: string,
): Promise<Uint8Array> {
  const { data } = artifacts.objects.buckets;
  const pointers = await Promise.all(
    monthsOf({ from: `${year}-01`, to: `${year}-12` }).map((month) =>
      readPointer<MonthDataset>(artifacts.objects, monthPointer(data, { system, rules, month, synthetic })),
    ),
  );
  return withTempDir(async (dir) => {
    const files: string[] = [];
    for (const month of pointers.filter((pointer) => pointer !== undefined)) {
      const file = path.join(dir, `${month.month}.parquet`);
      await artifacts.readToFile(month.ref, file);
      files.push(file);
    }
    const out = path.join(dir, 'year.parquet');
    await writeHoursFile(out, await readHoursFiles(files));
    return readFile(out);
  });
}

async function weatherParquet(csv: Uint8Array, name: string): Promise<Uint8Array> {
  const rows = (await readStoredWeather(csv, name)).map((day) => [
    day.date,
    ...WEATHER_CSV_COLUMNS.map((column) => day[column] ?? null),
  ]);
  return withTempDir(async (dir) => {
    const out = path.join(dir, 'weather.parquet');
    await writeParquet(out, WEATHER_PARQUET_COLUMNS, rows);
    return readFile(out);
  });
}
