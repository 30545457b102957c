/** Hours of an archive on the way to a month: sums that can still be added to. */
import type { ParquetColumn } from '../parquet/column.ts';
import { rowGroups } from '../parquet/reader.ts';
import { ParquetWriter } from '../parquet/writer.ts';
import { dateOfEpochDay, epochDayOf } from '../../contracts/calendar.ts';

/** Sums of one hour with at least one ride. */
export interface HourPart {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly hour: number;
  readonly trips: number;
  readonly member: number;
  readonly casual: number;
  /** Null in legacy files. */
  readonly electric: number | null;
  readonly classic: number | null;
  /** Rides with a duration, and their milliseconds. */
  readonly timed: number;
  readonly milliseconds: number;
}

/** `mean_minutes` is for readers of the file; adding goes by `timed` and `milliseconds`. */
const COLUMNS = [
  { name: 'date', type: 'date' },
  { name: 'hour', type: 'int32' },
  { name: 'trips', type: 'int64' },
  { name: 'member', type: 'int64' },
  { name: 'casual', type: 'int64' },
  { name: 'electric', type: 'int64', optional: true },
  { name: 'classic', type: 'int64', optional: true },
  { name: 'mean_minutes', type: 'double', optional: true },
  { name: 'timed', type: 'int64' },
  { name: 'milliseconds', type: 'int64' },
] as const satisfies readonly ParquetColumn[];

export function meanMinutes({
  timed,
  milliseconds,
}: Pick<HourPart, 'timed' | 'milliseconds'>): number | null {
  return timed === 0 ? null : milliseconds / timed / 60_000;
}

/** @param hours sorted, each once. */
export function writeHoursPart(file: string, hours: readonly HourPart[]): void {
  const writer = new ParquetWriter(file, COLUMNS);
  const cell = (row: HourPart, name: (typeof COLUMNS)[number]['name']) => {
    if (name === 'date') return epochDayOf(row.date);
    return name === 'mean_minutes' ? meanMinutes(row) : row[name];
  };
  writer.writeRowGroup(
    hours.length,
    COLUMNS.map(({ name }) => ({ kind: 'plain', values: hours.map((row) => cell(row, name)) })),
  );
  writer.close();
}

export function readHoursPart(file: string): HourPart[] {
  const hours: HourPart[] = [];
  for (const group of rowGroups(file)) {
    const columns = new Map(COLUMNS.map(({ name }) => [name, group.column(name)]));
    const cell = (name: (typeof COLUMNS)[number]['name'], i: number) => {
      const column = columns.get(name);
      if (column?.kind !== 'plain') throw new RangeError(`column ${name} of an hours part is not plain`);
      return column.values[i] as number;
    };
    for (let i = 0; i < group.rows; i++) {
      const of = (name: (typeof COLUMNS)[number]['name']) => cell(name, i);
      hours.push({
        date: dateOfEpochDay(of('date')),
        hour: of('hour'),
        trips: of('trips'),
        member: of('member'),
        casual: of('casual'),
        electric: of('electric'),
        classic: of('classic'),
        timed: of('timed'),
        milliseconds: of('milliseconds'),
      });
    }
  }
  return hours;
}
