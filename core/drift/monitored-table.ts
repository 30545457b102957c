/** The 14 columns that are compared: the seed features, the trips and their prediction. */
import type { FrameRow } from '../../contracts/frame.ts';
import { WEATHER_INPUTS, byColumn } from '../../contracts/weather-columns.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { SEED_FEATURES, seedFeatures } from '../features/seed-features.ts';
import type { Column, Table } from './evidently/table.ts';

export const TARGET = 'trips';
export const PREDICTION = 'prediction';

/** Weather that was carried forward from the day before counts as missing: drift must see that the day had none. */
export function monitoredTable(rows: readonly FrameRow[], predictions: readonly number[]): Table {
  const features = new Float64Array(rows.length * SEED_FEATURES.length);
  for (const [i, row] of rows.entries()) {
    seedFeatures.write(
      {
        day: epochDayOf(row.date),
        hour: row.hour,
        holiday: row.holiday,
        weather: byColumn(WEATHER_INPUTS, (name) => (row.weather_filled ? NaN : (row[name] ?? NaN))),
      },
      features,
      i * SEED_FEATURES.length,
    );
  }
  const columns = SEED_FEATURES.map((name, at): [string, Column] => [
    name,
    { type: 'num', values: Float64Array.from(rows, (_, i) => features[i * SEED_FEATURES.length + at]!) },
  ]);
  return {
    rows: rows.length,
    columns: new Map<string, Column>([
      ...columns,
      [TARGET, { type: 'num', values: Float64Array.from(rows, (row) => row.trips) }],
      [PREDICTION, { type: 'num', values: Float64Array.from(predictions) }],
    ]),
  };
}
