/** Defines the 14 columns that are compared: the basic features, the trips and their prediction. */
import type { FrameRow } from '../../contracts/frame.ts';
import { WEATHER_INPUTS, byColumn } from '../../contracts/weather-columns.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { BASIC_FEATURES, basicFeatures } from '../features/basic-features.ts';
import type { Column, Table } from './evidently/drift-table.ts';

export const TARGET = 'trips';
export const PREDICTION = 'prediction';

/** Weather that was carried forward from the day before counts as missing: drift must see that the day had none. */
export function monitoredTable(rows: readonly FrameRow[], predictions: readonly number[]): Table {
  const features = new Float64Array(rows.length * BASIC_FEATURES.length);
  for (const [i, row] of rows.entries()) {
    basicFeatures.write(
      {
        day: epochDayOf(row.date),
        hour: row.hour,
        holiday: row.holiday,
        weather: byColumn(WEATHER_INPUTS, (name) => (row.weather_filled ? NaN : (row[name] ?? NaN))),
      },
      features,
      i * BASIC_FEATURES.length,
    );
  }
  const columns = BASIC_FEATURES.map((name, at): [string, Column] => [
    name,
    { type: 'num', values: Float64Array.from(rows, (_, i) => features[i * BASIC_FEATURES.length + at]!) },
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
