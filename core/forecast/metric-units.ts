/** Converts values of forecasts to the units of the model, with the precision of NOAA's files. */
import type { ForecastColumn } from '../../contracts/weather-forecast.ts';
import { toImperial } from '../ingest/unit-systems.ts';

export type MetricUnit = '°C' | 'mm' | 'cm' | 'km/h';

/** Factors to °C, mm and m/s. */
const TO_METRIC: Readonly<Record<MetricUnit, number>> = { '°C': 1, mm: 1, cm: 10, 'km/h': 1 / 3.6 };

export function imperial(column: ForecastColumn, value: number, unit: MetricUnit): number {
  return toImperial(column, value * TO_METRIC[unit], 'metric');
}

/** Rejects infinity too, which JSON writes as 1e999. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
