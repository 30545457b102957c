/** One value a day of a weather column, as the hours of the day carry it. */
import type { WeatherColumn } from '../../../contracts/weather-columns.ts';
import { epochDayOf } from '../../../contracts/calendar.ts';
import type { HourResidual } from './hour-residual.ts';

export interface WeatherValue {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Null where not observed. */
  readonly value: number | null;
}

/** Days ascending. */
export function weatherDays(hours: readonly HourResidual[], column: WeatherColumn): WeatherValue[] {
  const byDate = new Map<string, number | null>();
  for (const hour of hours) {
    const value = hour[column];
    if (!byDate.has(hour.date)) byDate.set(hour.date, Number.isFinite(value) ? value : null);
  }
  return [...byDate].map(([date, value]) => ({ day: epochDayOf(date), value })).sort((a, b) => a.day - b.day);
}
