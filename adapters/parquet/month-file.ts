import type { HourRow } from '../../contracts/hours.ts';
import type { ParquetColumn } from './column.ts';
import { ParquetWriter } from './writer.ts';

const COLUMNS: readonly (ParquetColumn & { readonly name: keyof HourRow })[] = [
  { name: 'date', type: 'date' },
  { name: 'hour', type: 'int32' },
  { name: 'trips', type: 'int64' },
  { name: 'holiday', type: 'int64' },
  { name: 'member', type: 'int64', optional: true },
  { name: 'casual', type: 'int64', optional: true },
  { name: 'electric', type: 'int64', optional: true },
  { name: 'classic', type: 'int64', optional: true },
  { name: 'mean_minutes', type: 'double', optional: true },
];

const DAY_MS = 86_400_000;

/** Writes the rows of a month (contracts/hours.ts), sorted and unique by (date, hour). The same rows give the same bytes. */
export function writeMonthFile(file: string, rows: readonly HourRow[]): void {
  const writer = new ParquetWriter(file, COLUMNS);
  const cell = (row: HourRow, name: keyof HourRow) =>
    name === 'date' ? Date.parse(row.date) / DAY_MS : row[name];
  writer.writeRowGroup(
    rows.length,
    COLUMNS.map(({ name }) => ({ kind: 'plain', values: rows.map((row) => cell(row, name)) })),
  );
  writer.close();
}
