/** Flows in parquet: trips by hour and pair of stations, sorted by (date, hour, start, end), stations by their UTF-8 bytes. */
import type { ParquetColumn } from '../parquet/column.ts';
import type { ParquetWriter } from '../parquet/writer.ts';

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
