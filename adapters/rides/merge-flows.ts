/** Files of flows, and a few flows more, to one file. */
import { rowGroups, type RowGroup } from '../parquet/reader.ts';
import { ParquetWriter } from '../parquet/writer.ts';
import { FLOW_COLUMNS, FlowGroups } from './flows.ts';
import { sortedTexts } from './sorted-texts.ts';

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
      ...files.map((file) => new Cursor(batchesOf(file, rank))),
      new Cursor([batchOf(extra, rank)]),
    ];
    for (;;) {
      let least: Cursor | undefined;
      for (const cursor of cursors)
        if (!cursor.done && (!least || compareFlows(cursor, least) < 0)) least = cursor;
      if (!least) break;
      const { day, hour, start, end } = least;
      let trips = 0;
      for (const cursor of cursors) trips += cursor.takeTrips(day, hour, start, end);
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

/** Sorted rows, an array a column; stations by their place in the list of all. */
interface Batch {
  readonly rows: number;
  readonly day: Uint32Array;
  readonly hour: Uint32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly trips: Uint32Array;
}

/** Goes from row to row without an object for each: most months are merged with a handful of strays. */
class Cursor {
  readonly #batches: Iterator<Batch>;
  #batch: Batch | undefined;
  #row = -1;
  done = false;
  day = 0;
  hour = 0;
  start = 0;
  end = 0;
  #trips = 0;

  constructor(batches: Iterable<Batch>) {
    this.#batches = batches[Symbol.iterator]();
    this.#next();
  }

  /** Goes past the rows of the flow. @returns their trips. */
  takeTrips(day: number, hour: number, start: number, end: number): number {
    let trips = 0;
    while (!this.done && this.end === end && this.start === start && this.hour === hour && this.day === day) {
      trips += this.#trips;
      this.#next();
    }
    return trips;
  }

  #next(): void {
    this.#row++;
    while (!this.#batch || this.#row === this.#batch.rows) {
      const next = this.#batches.next();
      if (next.done) {
        this.done = true;
        return;
      }
      this.#batch = next.value;
      this.#row = 0;
    }
    const { day, hour, start, end, trips } = this.#batch;
    const row = this.#row;
    this.day = day[row]!;
    this.hour = hour[row]!;
    this.start = start[row]!;
    this.end = end[row]!;
    this.#trips = trips[row]!;
  }
}

/** Where a flow comes in a file. */
interface Place {
  readonly day: number;
  readonly hour: number;
  readonly start: number;
  readonly end: number;
}

function compareFlows(a: Place, b: Place): number {
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

function* batchesOf(file: string, rank: ReadonlyMap<string, number>): Generator<Batch> {
  for (const group of rowGroups(file)) {
    const numbers = (column: string) => decoded(coded(group, column), Number);
    const places = (column: string) => decoded(coded(group, column), (name) => rank.get(String(name))!);
    yield {
      rows: group.rows,
      day: numbers('date'),
      hour: numbers('hour'),
      start: places('start_station'),
      end: places('end_station'),
      trips: numbers('trips'),
    };
  }
}

interface Coding {
  readonly dictionary: readonly (string | number)[];
  readonly indices: Uint32Array;
}

function coded(group: RowGroup, column: string): Coding {
  const values = group.column(column);
  if (values.kind !== 'dictionary') throw new RangeError(`column ${column} of flows has no dictionary`);
  return values;
}

function decoded({ dictionary, indices }: Coding, value: (entry: string | number) => number): Uint32Array {
  const values = Uint32Array.from(dictionary, value);
  return indices.map((index) => values[index]!);
}

function batchOf(extra: readonly Flow[], rank: ReadonlyMap<string, number>): Batch {
  const rows = extra
    .map((flow) => ({ ...flow, start: rank.get(flow.start)!, end: rank.get(flow.end)! }))
    .sort(compareFlows);
  const column = (name: 'day' | 'hour' | 'start' | 'end' | 'trips') =>
    Uint32Array.from(rows, (row) => row[name]);
  return {
    rows: rows.length,
    day: column('day'),
    hour: column('hour'),
    start: column('start'),
    end: column('end'),
    trips: column('trips'),
  };
}
