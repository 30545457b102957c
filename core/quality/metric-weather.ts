/** Weather of a prediction in °C, mm and m/s: from there to the units of the model, and back for messages. */
import type { WeatherInput } from '../../contracts/weather-columns.ts';
import { toImperial, toMetric, unitOf } from './weather-units.ts';

/** Converts a value from °C, mm or m/s to °F, inches or mph. */
export function weatherFromMetric(name: WeatherInput, value: number): number {
  return toImperial(name, value, 'metric');
}

/** Formats a value of °F, inches or mph with its unit, in the caller's units. */
export function shownWeather(name: WeatherInput, value: number, metric: boolean): string {
  const shown = metric ? toMetric(name, value) : value;
  return `${Math.round(shown * 100) / 100} ${unitOf(name, metric)}`;
}
