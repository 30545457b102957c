import { useQuery } from '@tanstack/react-query';
import type { RequiredWeatherInput, WeatherInput } from '../../../../../contracts/weather-columns.ts';
import { api, bodyOf } from '../../api/api-client.ts';

export type Weather = Readonly<Partial<Record<WeatherInput, number>> & Record<RequiredWeatherInput, number>>;

/** @param at the hour in local time of the system, such as `2025-01-15T08:00`. */
export const usePrediction = (at: string, weather: Weather) =>
  useQuery({
    queryKey: ['predict', at, weather],
    queryFn: ({ signal }) =>
      bodyOf(api.POST('/api/predict', { signal, body: { input_data: [{ date: at, ...weather }] } })),
  });

/** Asks for the 24 hours of a day, all with the same weather. */
export const useDayPrediction = (date: string, weather: Weather) =>
  useQuery({
    queryKey: ['predict', 'day', date, weather],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/predict/day', { signal, params: { query: { date, ...weather } } })),
  });
