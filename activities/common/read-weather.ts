/** Reads daily weather from files and from stored CSV. */
import { isDeepStrictEqual } from 'node:util';
import { csvOf, tableFile, type TableFile } from '../../adapters/tables/table-file.ts';
import { readTextTable } from '../../adapters/tables/text-rows.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import {
  weatherRecords,
  type ReadWeather,
  type WeatherReading,
  type WeatherRecord,
} from '../../core/ingest/weather-records.ts';

/** Reads a CSV, TSV or parquet file. @throws CitibikeError BAD_WEATHER by `weatherRecords`; SOURCE_NOT_FOUND */
export function readWeatherFile(file: string, reading: WeatherReading = {}): Promise<ReadWeather> {
  return read(tableFile(file), reading);
}

/**
 * Reads several files as one.
 * @throws CitibikeError BAD_WEATHER as `readWeatherFile`, and for a day with different weather in two files.
 */
export async function readWeatherFiles(
  files: readonly string[],
  reading: WeatherReading = {},
): Promise<WeatherRecord[]> {
  const days = new Map<string, { readonly file: string; readonly record: WeatherRecord }>();
  for (const file of files) {
    for (const record of (await readWeatherFile(file, reading)).records) {
      const other = days.get(record.date);
      if (other && !isDeepStrictEqual(other.record, record)) {
        throw new CitibikeError(
          'BAD_WEATHER',
          `${other.file} and ${file} have different weather for ${record.date}, expected each day in one file. Remove the wrong one`,
          { file, days: [record.date] },
        );
      }
      days.set(record.date, { file, record });
    }
  }
  return [...days.values()].map(({ record }) => record);
}

/** Reads CSV from memory. @param name for messages. @throws CitibikeError BAD_WEATHER by `weatherRecords`. */
export function readWeatherCsv(
  content: Uint8Array | string,
  name: string,
  reading: WeatherReading = {},
): Promise<ReadWeather> {
  return read(csvOf(name, content), reading);
}

/** Reads weather that this project stored, always in imperial units. Files stored before a column was added lack it. */
export async function readStoredWeather(content: Uint8Array, name: string): Promise<WeatherRecord[]> {
  return (await readWeatherCsv(content, name, { units: 'imperial' })).records;
}

async function read(file: TableFile, reading: WeatherReading): Promise<ReadWeather> {
  try {
    return weatherRecords({ name: file.name, ...(await readTextTable(file)) }, reading);
  } catch (error) {
    // Quarantine and callers treat an unreadable table as bad weather.
    if (!(error instanceof CitibikeError) || error.code !== 'INVALID_INPUT') throw error;
    throw new CitibikeError(
      'BAD_WEATHER',
      error.message,
      { file: file.name, ...error.details },
      { cause: error },
    );
  }
}
