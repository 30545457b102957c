/** Chooses how to read weather forecasts by the address of their source. */
import type { WeatherForecasts } from '../../contracts/weather-forecast.ts';
import type { AllowedSource } from '../sources/allow-list.ts';
import type { SourceAccess } from '../sources/entry.ts';
import { nationalWeatherService } from './national-weather-service.ts';
import { openMeteo } from './open-meteo.ts';
import { forecastFiles } from './forecast-files.ts';

export interface ForecastOptions extends Pick<SourceAccess, 'objects'> {
  /** Email address or web page that api.weather.gov requires. */
  readonly contact: string | undefined;
}

/**
 * Returns the reader of a source: files of `file://` and `s3://`, Open-Meteo for a web address that ends in `/forecast`, otherwise
 * api.weather.gov or a service like it.
 */
export function chooseForecasts(
  source: AllowedSource,
  { contact, objects }: ForecastOptions,
): WeatherForecasts {
  if (source.scheme !== 'http') return forecastFiles(source, objects);
  const isOpenMeteo = new URL(source.url).pathname.endsWith('/forecast');
  return isOpenMeteo ? openMeteo(source) : nationalWeatherService(source, contact);
}
