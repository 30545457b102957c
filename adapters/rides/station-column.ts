/** Assigns a number to each station that occurs, and collects the names that come with its id. */
import { UNKNOWN_STATION } from '../../contracts/hours.ts';
import { TextTable } from './text-table.ts';

/** More stations than this, or more pairs of id and name, mean that the columns do not match the header. */
const MOST_STATIONS = 100_000;
export const TOO_MANY_STATIONS = -1;

/** Holds the texts that mean a missing station or name. */
const MISSING = new Set(['', 'NULL', '\\N']);

export class StationColumn {
  readonly #texts = new TextTable();
  /** 1 for a missing station and 0 for others, by number. */
  readonly #missing: number[] = [];
  /** Rows by name, without blanks around it, by number of the station. */
  readonly #names: Map<string, number>[] = [];
  /** Texts of an id and the name beside it, which nearly always come together again, so that one lookup finds both. */
  readonly #pairs = new TextTable();
  readonly #stationOfPair: number[] = [];
  readonly #nameOfPair: (string | null)[] = [];
  /** Rows after the first of each pair. */
  readonly #repeatsOfPair: number[] = [];
  readonly #pairLacksId: number[] = [];
  /** 1 if the station that was read last has a name and no id, otherwise 0. */
  lacksId = 0;
  /** Name of the row that was read last, if its station has an id. */
  #name: string | null = null;
  readonly #most: number;

  /** @param limitShare permitted share of the largest number of stations, and of pairs. */
  constructor(limitShare = 1) {
    this.#most = MOST_STATIONS * limitShare;
  }

  /** Returns the number of the station, or TOO_MANY_STATIONS. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    const station = this.#texts.intern(bytes, from, to);
    if (station === this.#missing.length) {
      if (station === this.#most) return TOO_MANY_STATIONS;
      this.#missing.push(Number(MISSING.has(this.#texts.text(station))));
      this.#names.push(new Map());
    }
    return station;
  }

  /** Reads the id and the name of a row. @returns the number of the station, or TOO_MANY_STATIONS. */
  read(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, id: number, name: number | null): number {
    if (name === null) return this.intern(bytes, starts[id]!, ends[id]!);
    if (name !== id + 1 && name !== id - 1) return this.#readBoth(bytes, starts, ends, id, name);
    const pair = this.#pairs.intern(bytes, starts[id < name ? id : name]!, ends[id < name ? name : id]!);
    if (pair === this.#stationOfPair.length) {
      if (pair === this.#most) return TOO_MANY_STATIONS;
      this.#stationOfPair.push(this.#readBoth(bytes, starts, ends, id, name));
      this.#pairLacksId.push(this.lacksId);
      this.#nameOfPair.push(this.#name);
      this.#repeatsOfPair.push(0);
    } else {
      this.#repeatsOfPair[pair]!++;
    }
    this.lacksId = this.#pairLacksId[pair]!;
    return this.#stationOfPair[pair]!;
  }

  #readBoth(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, id: number, name: number): number {
    const station = this.intern(bytes, starts[id]!, ends[id]!);
    const text = Buffer.from(bytes.subarray(starts[name], ends[name])).toString('utf8').trim();
    const hasName = !MISSING.has(text);
    this.lacksId = Number(hasName && this.#missing[station] === 1);
    this.#name = hasName && this.#missing[station] === 0 ? text.replaceAll('""', '"') : null;
    if (this.#name !== null) addRows(this.#names[station]!, this.#name, 1);
    return station;
  }

  /** Returns 1 for a missing station and 0 for others, so that callers can add it up. */
  missing(station: number): number {
    return this.#missing[station]!;
  }

  name(station: number): string {
    return this.#missing[station] === 1 ? UNKNOWN_STATION : this.#texts.text(station);
  }

  names(): string[] {
    return this.#missing.map((_, station) => this.name(station));
  }

  /** Returns rows by name that came with each station's id, by its number. Call it once, after the last row. */
  namesOfIds(): ReadonlyMap<string, number>[] {
    for (const [pair, name] of this.#nameOfPair.entries())
      if (name !== null) addRows(this.#names[this.#stationOfPair[pair]!]!, name, this.#repeatsOfPair[pair]!);
    return this.#names;
  }
}

function addRows(names: Map<string, number>, name: string, rows: number): void {
  names.set(name, (names.get(name) ?? 0) + rows);
}
