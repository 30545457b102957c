/** Reads forecasts from files: a JSON answer as a weather service gave it, or the newest of a folder of them. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { WeatherForecasts } from '../../contracts/weather-forecast.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { AllowedSource } from '../sources/allow-list.ts';
import type { SourceEntry } from '../sources/entry.ts';
import { describeSource, listSourceEntries, readTextFromSource } from '../sources/source.ts';
import { MOST_BYTES } from './weather-service.ts';

export function forecastFiles(source: AllowedSource, objects: ObjectStore): WeatherForecasts {
  return {
    async fetch(_place, signal) {
      const access = { objects, ...(signal ? { signal } : {}) };
      const file =
        (await describeSource(source, access)) ?? newest(await listSourceEntries(source, [], access));
      if (!file) {
        throw new CitibikeError(
          'SOURCE_NOT_FOUND',
          'WEATHER_FORECASTS: the folder has no .json file, expected answers of api.weather.gov (forecastGridData) or Open-Meteo',
        );
      }
      if ((file.bytes ?? 0) > MOST_BYTES) {
        throw new CitibikeError(
          'BAD_WEATHER',
          `WEATHER_FORECASTS: the newest file has ${file.bytes} bytes, expected a forecast of at most ${MOST_BYTES}`,
        );
      }
      const text = await readTextFromSource(source.at(file.url), access);
      // A file states when it was saved, which is when the service answered.
      return { text, fetchedAt: new Date(file.modified ?? Date.now()).toISOString() };
    },
  };
}

function newest(entries: readonly SourceEntry[]): SourceEntry | undefined {
  return entries
    .filter(({ name }) => name.endsWith('.json'))
    .toSorted((a, b) => (b.modified ?? 0) - (a.modified ?? 0) || (a.name < b.name ? 1 : -1))[0];
}
