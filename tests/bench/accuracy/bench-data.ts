/** Reads hours and weather for the benches from a folder, as published or as `citibike preprocess` writes them. */
import { daysOf, epochDayOf, monthsOf } from '../../../contracts/calendar.ts';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { readWeatherFiles } from '../../../activities/common/read-weather.ts';
import { sumHourlyFiles } from '../../../adapters/tables/hourly-files.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import { type MonthSpan } from '../../../contracts/months.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { isHoliday } from '../../../core/features/holidays.ts';
import { fillWeather } from '../../../core/ingest/weather-fill.ts';
import { realDataDir } from '../../real-data.ts';

export interface BenchData {
  /** Parquet files with date, hour, trips, holiday. */
  readonly hourly: readonly string[];
  /** NOAA daily summaries. */
  readonly weather: readonly string[];
}

/**
 * Lists every parquet of `hourly/` and every CSV of `weather/` in the folder DATA, or else in the tests' folder of
 * real data.
 * @throws Error that names the files that the bench needs.
 */
export function findBenchData(): BenchData {
  const named = process.env['DATA'];
  const folder = named ? path.resolve(named) : realDataDir();
  const filesOf = (name: string, ending: string) =>
    folder && existsSync(path.join(folder, name))
      ? readdirSync(path.join(folder, name))
          .filter((file) => file.endsWith(ending))
          .sort()
          .map((file) => path.join(folder, name, file))
      : [];
  const data = { hourly: filesOf('hourly', '.parquet'), weather: filesOf('weather', '.csv') };
  if (data.hourly.length > 0 && data.weather.length > 0) return data;
  throw new Error(
    `this bench measures on real trips, and ${named ? `DATA=${named} holds none` : 'none are at hand'}: give it a folder with ` +
      'hourly/*.parquet (date, hour, trips, holiday) and weather/*.csv (NOAA daily summaries), as in make bench-accuracy DATA=../shared/data',
  );
}

/** @throws Error naming every month of the span that the files lack. */
export async function readSpan({ hourly, weather }: BenchData, span: MonthSpan): Promise<FrameRow[]> {
  const days = daysOf(span);
  const { hours } = await sumHourlyFiles(
    hourly.map((file) => ({ name: path.basename(file), file })),
    FORMER_PLACE,
    days,
  );
  const there = new Set(hours.map(({ date }) => date.slice(0, 7)));
  const missing = monthsOf(span).filter((month) => !there.has(month));
  if (missing.length > 0) throw new Error(`the hourly files have no trips of ${missing.join(', ')}`);
  const observed = await readWeatherFiles(weather);
  const filled = new Map(
    fillWeather(observed, days.firstDay, days.lastDay).map((day) => [day.date, day] as const),
  );
  return hours.map((hour) => ({
    ...hour,
    holiday: isHoliday(FORMER_PLACE.holidays, epochDayOf(hour.date)) ? 1 : 0,
    ...filled.get(hour.date)!,
  }));
}
