/** Stations met, each known by a number. */
import { UNKNOWN_STATION } from './ride.ts';
import { TextTable } from './text-table.ts';

/** More than this, and the columns hold something else than the header says. */
const MOST_STATIONS = 100_000;
export const TOO_MANY_STATIONS = -1;

/** Texts that stand for a missing station. */
const MISSING = new Set(['', 'NULL', '\\N']);

export class StationColumn {
  readonly #texts = new TextTable();
  /** By number: 1 or 0. */
  readonly #missing: number[] = [];

  /** @returns the number of the station, or TOO_MANY_STATIONS. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    const station = this.#texts.intern(bytes, from, to);
    if (station === this.#missing.length) {
      if (station === MOST_STATIONS) return TOO_MANY_STATIONS;
      this.#missing.push(Number(MISSING.has(this.#texts.text(station))));
    }
    return station;
  }

  /** 1 or 0, to be added up. */
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
