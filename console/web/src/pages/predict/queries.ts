import { useQuery } from '@tanstack/react-query';
import type { RequiredWeatherInput, WeatherInput } from '../../../../../contracts/weather-columns.ts';
import { api, bodyOf } from '../../api/api-client.ts';

export type Weather = Readonly<Partial<Record<WeatherInput, number>> & Record<RequiredWeatherInput, number>>;

/** Units of the weather in the form and in the command that it shows. */
export type Units = 'imperial' | 'metric';

/** @param at the hour in local time of the system, such as `2025-01-15T08:00`. */
export const usePrediction = (at: string, weather: Weather, units: Units) =>
  useQuery({
    queryKey: ['predict', at, weather, units],
    queryFn: ({ signal }) =>
      bodyOf(
        api.POST('/api/predict', {
          signal,
          params: { query: { units } },
          body: { input_data: [{ date: at, ...weather }] },
        }),
      ),
  });

/** Asks for the 24 hours of a day, all with the same weather. */
export const useDayPrediction = (date: string, weather: Weather, units: Units) =>
  useQuery({
    queryKey: ['predict', 'day', date, weather, units],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/predict/day', { signal, params: { query: { date, units, ...weather } } })),
  });
