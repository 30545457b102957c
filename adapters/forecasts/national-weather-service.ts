/** Reads forecasts of the United States from api.weather.gov (https://www.weather.gov/documentation/services-web-api). */
import { CitibikeError } from '../../contracts/errors.ts';
import type { ForecastPlace, WeatherForecasts } from '../../contracts/weather-forecast.ts';
import type { AllowedSource } from '../sources/allow-list.ts';
import { getFromService, withPlainErrors } from './weather-service.ts';

/**
 * @param contact goes into the User-Agent, which the service requires, so that it can reach who overloads it.
 * @returns a reader that throws BAD_SETTING without a contact.
 */
export function nationalWeatherService(source: AllowedSource, contact: string | undefined): WeatherForecasts {
  return {
    async fetch(place, signal) {
      if (!contact) {
        throw new CitibikeError(
          'BAD_SETTING',
          'setting WEATHER_CONTACT is empty, expected an email address or a web page: api.weather.gov requires a contact. Set it, or read Open-Meteo or files with WEATHER_FORECASTS',
          { name: 'WEATHER_CONTACT' },
        );
      }
      const options = { signal, userAgent: `citibike (${contact})` };
      const points = await getFromService(source.at(pointsOf(source.url, place)), options);
      const grid = await withPlainErrors(source, () => source.at(gridOf(points, source)));
      const text = await getFromService(grid, options);
      return { text, fetchedAt: new Date().toISOString() };
    },
  };
}

/** The service redirects coordinates of more than four decimals, or with trailing zeros. */
function pointsOf(service: string, { latitude, longitude }: ForecastPlace): string {
  const short = (degrees: number) => String(Number(degrees.toFixed(4)));
  return `${service.replace(/\/+$/, '')}/points/${short(latitude)},${short(longitude)}`;
}

function gridOf(points: string, source: AllowedSource): string {
  let grid: unknown;
  try {
    grid = (JSON.parse(points) as { properties?: { forecastGridData?: unknown } } | null)?.properties
      ?.forecastGridData;
  } catch {
    // The error below covers text that is not JSON.
  }
  // The contact is meant for this service alone.
  const { origin } = new URL(source.url);
  if (typeof grid === 'string' && URL.parse(grid)?.origin === origin) return grid;
  throw new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `the weather service at ${new URL(source.url).host} answered without forecastGridData of its own`,
  );
}
