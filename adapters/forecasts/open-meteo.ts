/** Reads forecasts from Open-Meteo (https://open-meteo.com/en/docs). Its free service needs no key; a key of another is kept. */
import type { WeatherForecasts } from '../../contracts/weather-forecast.ts';
import { OPEN_METEO_DAILY } from '../../contracts/weather-forecast.ts';
import type { AllowedSource } from '../sources/allow-list.ts';
import { getFromService } from './weather-service.ts';

/** Covers today and the seven days after it. */
const DAYS = 8;

export function openMeteo(source: AllowedSource): WeatherForecasts {
  return {
    async fetch({ latitude, longitude, timeZone }, signal) {
      const url = new URL(source.url);
      url.searchParams.set('latitude', String(latitude));
      url.searchParams.set('longitude', String(longitude));
      url.searchParams.set('timezone', timeZone);
      url.searchParams.set('forecast_days', String(DAYS));
      url.searchParams.set('daily', Object.values(OPEN_METEO_DAILY).join(','));
      const text = await getFromService(source.at(url.href), { signal });
      return { text, fetchedAt: new Date().toISOString() };
    },
  };
}
