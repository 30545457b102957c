/** Joins hours and daily weather to a frame, with a left join on the date by danfojs. */
import type { FrameRow } from '../../contracts/frame.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { WEATHER_INPUTS, byColumn } from '../../contracts/weather-columns.ts';
import type { SeedHour } from '../../adapters/duckdb/hours-files.ts';
import type { FrameWeather } from '../../core/ingest/weather-fill.ts';

const HOUR_COLUMNS = ['date', 'hour', 'trips', 'holiday'] as const;

/**
 * Joins each hour with the weather of its date.
 * @param hours sorted by (date, hour), each once.
 * @param weather one row for every date of `hours`, each once.
 */
export async function joinWeather(
  hours: readonly SeedHour[],
  weather: readonly FrameWeather[],
): Promise<FrameRow[]> {
  // The import loads TensorFlow.js, so only workers that build a frame need its memory.
  const { DataFrame, merge } = await import('danfojs-node');
  const left = new DataFrame(
    hours.map((row) => HOUR_COLUMNS.map((name) => row[name])),
    { columns: [...HOUR_COLUMNS] },
  );
  // A danfo column has one type, so NaN replaces null, and 0 or 1 the flag.
  const right = new DataFrame(
    weather.map((day) => [
      day.date,
      ...WEATHER_INPUTS.map((name) => day[name] ?? NaN),
      Number(day.weather_filled),
    ]),
    { columns: ['date', ...WEATHER_INPUTS, 'weather_filled'] },
  );
  const joined = merge({ left, right, on: ['date'], how: 'left' });
  const position = new Map(joined.columns.map((name: string, index: number) => [name, index]));
  const rows = (joined.values as (string | number | null)[][]).map((values) => {
    const cell = (name: string) => values[position.get(name) ?? -1];
    const number = (name: string) => {
      const value = cell(name);
      return typeof value === 'number' && !Number.isNaN(value) ? value : null;
    };
    return {
      date: String(cell('date')),
      hour: Number(cell('hour')),
      trips: Number(cell('trips')),
      holiday: Number(cell('holiday')),
      ...byColumn(WEATHER_INPUTS, number),
      weather_filled: cell('weather_filled') === 1,
    };
  });
  if (rows.length !== hours.length) {
    throw new CitibikeError(
      'QUALITY_GATE',
      `joining ${hours.length} hours with ${weather.length} days of weather gave ${rows.length} rows, expected one row per hour`,
    );
  }
  return rows.sort((a, b) => (a.date === b.date ? a.hour - b.hour : a.date < b.date ? -1 : 1));
}
