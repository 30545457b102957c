/** Defines units and accepted ranges of weather from callers: °F, inches and mph, or °C, mm and m/s. */
import { weatherFacts, type AnyWeatherColumn, type WeatherQuantity } from './weather-columns.ts';

export const MM_PER_INCH = 25.4;
/** International mile: 1609.344 m. */
export const MPH_PER_METRE_A_SECOND = 3600 / 1609.344;

const METRIC_UNITS: Readonly<Record<WeatherQuantity, string>> = {
  temperature: '°C',
  rain: 'mm',
  snow: 'mm',
  wind: 'm/s',
};

const millimetres = (inches: number): number => inches * MM_PER_INCH;

const TO_METRIC: Readonly<Record<WeatherQuantity, (value: number) => number>> = {
  temperature: (value) => ((value - 32) * 5) / 9,
  rain: millimetres,
  snow: millimetres,
  wind: (value) => value / MPH_PER_METRE_A_SECOND,
};

export function unitOf(column: AnyWeatherColumn, metric: boolean): string {
  const { quantity, unit } = weatherFacts(column);
  return metric ? METRIC_UNITS[quantity] : unit;
}

/** Converts a value of °F, inches or mph to °C, mm or m/s, unrounded. */
export function toMetric(column: AnyWeatherColumn, value: number): number {
  return TO_METRIC[weatherFacts(column).quantity](value);
}

/** Converts a value of °C, mm or m/s to °F, inches or mph, unrounded. */
export function fromMetric(column: AnyWeatherColumn, value: number): number {
  // Every conversion is a straight line.
  const zero = toMetric(column, 0);
  return (value - zero) / (toMetric(column, 1) - zero);
}

export interface WeatherRange {
  readonly min: number;
  readonly max: number;
}

/** Returns the accepted range, both ends inclusive. */
export function rangeOf(column: AnyWeatherColumn, metric: boolean): WeatherRange {
  const { min, max } = weatherFacts(column);
  if (!metric) return { min, max };
  return {
    // Rounding inwards keeps every accepted value in range after conversion.
    min: Math.ceil(tenths(toMetric(column, min))) / 10,
    max: Math.floor(tenths(toMetric(column, max))) / 10,
  };
}

/** Returns tenths without the last digits, which depend on the order of the arithmetic. */
function tenths(value: number): number {
  return Number((value * 10).toFixed(6));
}

/** Returns the text after "expected" in an error message about a column. */
export function expectedWeather(column: AnyWeatherColumn, metric = false): string {
  const { quantity, description } = weatherFacts(column);
  const { min, max } = rangeOf(column, metric);
  const range = `${min} to ${max} ${unitOf(column, metric)}`;
  return quantity === 'temperature' ? `a temperature from ${range}` : `${description}, ${range}`;
}
