/** Extracts one value per day of a weather column from the hours of the day. */
import type { WeatherColumn } from '../../../contracts/weather-columns.ts';
import { epochDayOf } from '../../../contracts/calendar.ts';
import type { HourResidual } from './hour-residual.ts';

export interface WeatherValue {
  /** Day as days since 1970-01-01. */
  readonly day: number;
  /** Null if not observed. */
  readonly value: number | null;
}

/** Returns the days in ascending order. */
export function weatherDays(hours: readonly HourResidual[], column: WeatherColumn): WeatherValue[] {
  const byDate = new Map<string, number | null>();
  for (const hour of hours) {
    const value = hour[column] ?? null;
    if (!byDate.has(hour.date)) byDate.set(hour.date, Number.isFinite(value) ? value : null);
  }
  return [...byDate].map(([date, value]) => ({ day: epochDayOf(date), value })).sort((a, b) => a.day - b.day);
}
