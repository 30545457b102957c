/** Converts weather in °C, mm and m/s to the units of the model, and back for messages. */
import type { HourlyInput } from '../../contracts/model.ts';
import { WEATHER_INPUTS, byColumn, type WeatherInput } from '../../contracts/weather-columns.ts';
import { toMetric, unitOf } from '../../contracts/weather-ranges.ts';
import { toImperial } from './unit-systems.ts';

/** Converts a value from °C, mm or m/s to °F, inches or mph. */
export function weatherFromMetric(name: WeatherInput, value: number): number {
  return toImperial(name, value, 'metric');
}

/** Converts the weather of an hour that the caller gave in °C, mm and m/s. */
export function hourFromMetric(hour: HourlyInput): HourlyInput {
  const weather = byColumn(WEATHER_INPUTS, (name) => {
    const value = hour.weather[name];
    return typeof value === 'number' ? weatherFromMetric(name, value) : value;
  }) as HourlyInput['weather'];
  return { ...hour, weather, writtenInMetric: true };
}

/** Formats a value of °F, inches or mph with its unit, in the caller's units. */
export function shownWeather(name: WeatherInput, value: number, metric: boolean): string {
  const shown = metric ? toMetric(name, value) : value;
  return `${Math.round(shown * 100) / 100} ${unitOf(name, metric)}`;
}
