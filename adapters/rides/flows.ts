/** Flows in parquet: trips by hour and pair of stations, sorted by (date, hour, start, end), stations by their UTF-8 bytes. */
import type { ColumnValues, ParquetColumn } from '../parquet/column.ts';
import { rowGroups, type RowGroup } from '../parquet/reader.ts';
import { ParquetWriter } from '../parquet/writer.ts';
import { sortedTexts } from './sorted-texts.ts';

export const FLOW_COLUMNS: readonly ParquetColumn[] = [
  { name: 'date', type: 'date' },
  { name: 'hour', type: 'int32' },
  { name: 'start_station', type: 'text' },
  { name: 'end_station', type: 'text' },
  { name: 'trips', type: 'int64' },
];

const GROUP_ROWS = 128 * 1024;

/** Collects rows, in order, into row groups with dictionaries of their own. */
export class FlowGroups {
  readonly #writer: ParquetWriter;
  readonly #stations: readonly string[];
  readonly #date = new Coded();
  readonly #hour = new Coded();
  readonly #start = new Coded();
  readonly #end = new Coded();
  readonly #trips = new Coded();
  #filled = 0;
  rows = 0;

  constructor(writer: ParquetWriter, stations: readonly string[]) {
    this.#writer = writer;
    this.#stations = stations;
  }

  /** @param day days from 1970-01-01; stations by their place in the list. */
  add(day: number, hour: number, start: number, end: number, trips: number): void {
    const at = this.#filled++;
    this.#date.set(at, day);
    this.#hour.set(at, hour);
    this.#start.set(at, start);
    this.#end.set(at, end);
    this.#trips.set(at, trips);
    if (this.#filled === GROUP_ROWS) this.flush();
  }

  flush(): void {
    const rows = this.#filled;
    const name = (station: number) => this.#stations[station]!;
    this.#writer.writeRowGroup(rows, [
      this.#date.take(rows),
      this.#hour.take(rows),
      this.#start.take(rows, name),
      this.#end.take(rows, name),
      this.#trips.take(rows),
    ]);
    this.rows += rows;
    this.#filled = 0;
  }
}

/** A column of whole numbers, as places in a dictionary of those that come. */
class Coded {
  readonly #values = new Uint32Array(GROUP_ROWS);

  set(at: number, value: number): void {
    this.#values[at] = value;
  }

  take(
    rows: number,
    name?: (value: number) => string,
  ): { kind: 'dictionary'; dictionary: (string | number)[]; indices: Uint32Array } {
    const values = this.#values.subarray(0, rows);
    let most = 0;
    for (let i = 0; i < rows; i++) if (values[i]! > most) most = values[i]!;
    const place = new Int32Array(most + 1).fill(-1);
    for (let i = 0; i < rows; i++) place[values[i]!] = 0;
    const dictionary: (string | number)[] = [];
    for (let value = 0; value <= most; value++) {
      if (place[value]! < 0) continue;
      place[value] = dictionary.length;
      dictionary.push(name ? name(value) : value);
    }
    const indices = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) indices[i] = place[values[i]!]!;
    return { kind: 'dictionary', dictionary, indices };
  }
}

/** A flow that is added to a file of flows. */
export interface Flow {
  /** Days from 1970-01-01. */
  readonly day: number;
  readonly hour: number;
  readonly start: string;
  readonly end: string;
  readonly trips: number;
}

export interface MergeJob {
  /** Parquet of flows. */
  readonly files: readonly string[];
  readonly extra: readonly Flow[];
  readonly out: string;
}

/** Writes the flows of the files and the few extra ones, summed. @returns rows written. */
export function mergeFlows({ files, extra, out }: MergeJob): number {
  const stations = sortedTexts([
    ...files.flatMap(stationsOf),
    ...extra.flatMap(({ start, end }) => [start, end]),
  ]);
  const rank = new Map(stations.map((name, index) => [name, index]));
  const writer = new ParquetWriter(out, FLOW_COLUMNS);
  try {
    const groups = new FlowGroups(writer, stations);
    const cursors = [
      ...files.map((file) => new Cursor(flowRows(file, rank))),
      new Cursor(extraRows(extra, rank)),
    ];
    for (;;) {
      let least: FlowRow | undefined;
      for (const { row } of cursors) if (row && (!least || compareFlows(row, least) < 0)) least = row;
      if (!least) break;
      const { day, hour, start, end } = least;
      let trips = 0;
      for (const cursor of cursors) {
        while (cursor.row && compareFlows(cursor.row, least) === 0) {
          trips += cursor.row.trips;
          cursor.next();
        }
      }
      groups.add(day, hour, start, end, trips);
    }
    groups.flush();
    writer.close();
    return groups.rows;
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Stations by their place in the list of all. */
interface FlowRow {
  readonly day: number;
  readonly hour: number;
  readonly start: number;
  readonly end: number;
  readonly trips: number;
}

class Cursor {
  readonly #rows: Iterator<FlowRow>;
  row: FlowRow | undefined;

  constructor(rows: Iterator<FlowRow>) {
    this.#rows = rows;
    this.next();
  }

  next(): void {
    const next = this.#rows.next();
    this.row = next.done ? undefined : next.value;
  }
}

function compareFlows(a: FlowRow, b: FlowRow): number {
  return a.day - b.day || a.hour - b.hour || a.start - b.start || a.end - b.end;
}

function stationsOf(file: string): string[] {
  const names = new Set<string>();
  for (const group of rowGroups(file)) {
    for (const column of ['start_station', 'end_station'])
      for (const name of coded(group, column).dictionary) names.add(String(name));
  }
  return [...names];
}

function* flowRows(file: string, rank: ReadonlyMap<string, number>): Generator<FlowRow> {
  for (const group of rowGroups(file)) {
    const [days, hours, trips] = ['date', 'hour', 'trips'].map((name) => coded(group, name));
    const [starts, ends] = ['start_station', 'end_station'].map((name) => {
      const { dictionary, indices } = coded(group, name);
      return { dictionary: dictionary.map((station) => rank.get(String(station))!), indices };
    });
    const at = (column: Coding | undefined, i: number) => column!.dictionary[column!.indices[i]!] as number;
    for (let i = 0; i < group.rows; i++)
      yield {
        day: at(days, i),
        hour: at(hours, i),
        start: at(starts, i),
        end: at(ends, i),
        trips: at(trips, i),
      };
  }
}

type Coding = Omit<Extract<ColumnValues, { kind: 'dictionary' }>, 'kind'>;

function coded(group: RowGroup, column: string): Coding {
  const values = group.column(column);
  if (values.kind !== 'dictionary') throw new RangeError(`column ${column} of flows has no dictionary`);
  return values;
}

function* extraRows(extra: readonly Flow[], rank: ReadonlyMap<string, number>): Generator<FlowRow> {
  const rows = extra.map((flow) => ({ ...flow, start: rank.get(flow.start)!, end: rank.get(flow.end)! }));
  yield* rows.sort(compareFlows);
}
