import type { ParquetColumn } from '../parquet/column.ts';
import { ParquetWriter } from '../parquet/writer.ts';
import type { Ride } from './ride.ts';
import { sortedTexts } from './sorted-texts.ts';
import { epochDayOf } from '../../contracts/calendar.ts';

/** Defines trips by hour and station pair. Rows are sorted by (date, hour, start, end); stations sort by their UTF-8 bytes. */
export const FLOW_COLUMNS: readonly ParquetColumn[] = [
  { name: 'date', type: 'date' },
  { name: 'hour', type: 'int32' },
  { name: 'start_station', type: 'text' },
  { name: 'end_station', type: 'text' },
  { name: 'trips', type: 'int64' },
];

const GROUP_ROWS = 128 * 1024;

/** Collects sorted rows into row groups, each with its own dictionaries. */
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

  /** Adds a row. @param day days since 1970-01-01. @param start index of the station in the list, as is `end`. */
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

/** Writes the flows of a few rides without DuckDB, whose start would take longer than the work. @returns rows written. */
export function writeRideFlows(rides: readonly Ride[], file: string): number {
  const stations = sortedTexts(rides.flatMap(({ start_station: start, end_station: end }) => [start, end]));
  const rank = new Map(stations.map((name, index) => [name, index]));
  const flows = rides
    .map((ride) => [
      epochDayOf(ride.started_at.slice(0, 10)),
      Number(ride.started_at.slice(11, 13)),
      rank.get(ride.start_station)!,
      rank.get(ride.end_station)!,
    ])
    .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]! || a[3]! - b[3]!);
  const writer = new ParquetWriter(file, FLOW_COLUMNS);
  const groups = new FlowGroups(writer, stations);
  for (const [key, same] of Map.groupBy(flows, (flow) => flow.join())) {
    const [day, hour, start, end] = key.split(',').map(Number) as [number, number, number, number];
    groups.add(day, hour, start, end, same.length);
  }
  groups.flush();
  writer.close();
  return groups.rows;
}

/** Encodes a column of whole numbers with a dictionary of the values that occur. */
class Coded {
  readonly #values = new Uint32Array(GROUP_ROWS);
  /** 1 for each value that occurs, later its place in the dictionary. */
  #places = new Uint32Array(1024);

  set(at: number, value: number): void {
    if (value >= this.#places.length) this.#grow(value);
    this.#values[at] = value;
    this.#places[value] = 1;
  }

  /** Returns the column and begins a new one. The indices are valid until then. */
  take(
    rows: number,
    name?: (value: number) => string,
  ): { kind: 'dictionary'; dictionary: (string | number)[]; indices: Uint32Array } {
    const places = this.#places;
    const dictionary: (string | number)[] = [];
    for (let value = 0; value < places.length; value++) {
      if (places[value] === 0) continue;
      places[value] = dictionary.length;
      dictionary.push(name ? name(value) : value);
    }
    const indices = this.#values.subarray(0, rows);
    for (let i = 0; i < rows; i++) indices[i] = places[indices[i]!]!;
    places.fill(0);
    return { kind: 'dictionary', dictionary, indices };
  }

  #grow(value: number): void {
    const grown = new Uint32Array(value * 2);
    grown.set(this.#places);
    this.#places = grown;
  }
}
