/** Assigns a number to each station that occurs. */
import { UNKNOWN_STATION } from '../../contracts/hours.ts';
import { TextTable } from './text-table.ts';

/** More stations than this mean that the columns do not match the header. */
const MOST_STATIONS = 100_000;
export const TOO_MANY_STATIONS = -1;

/** Texts that mean a missing station. */
const MISSING = new Set(['', 'NULL', '\\N']);

export class StationColumn {
  readonly #texts = new TextTable();
  /** 1 for a missing station and 0 for others, by number. */
  readonly #missing: number[] = [];

  /** Returns the number of the station, or TOO_MANY_STATIONS. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    const station = this.#texts.intern(bytes, from, to);
    if (station === this.#missing.length) {
      if (station === MOST_STATIONS) return TOO_MANY_STATIONS;
      this.#missing.push(Number(MISSING.has(this.#texts.text(station))));
    }
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
}
