/** Finds the median position of each station from a bounded sample of its rides, evenly spread over the file. */
import type { StationHours } from '../../contracts/station-hours.ts';

/** Positions that are kept per station. When they are full, every second one is dropped, and half as many are added. */
const MOST_SAMPLES = 256;

interface Sample {
  seen: number;
  /** Every how many rides the position is read. */
  stride: number;
  latitudes: number[];
  longitudes: number[];
}

export class StationPositions {
  readonly #samples: (Sample | undefined)[] = [];

  /** Reads the position of a ride's start or end, unless the sample skips it. Rows without a position are ignored. */
  add(
    station: number,
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    latitude: number | null,
    longitude: number | null,
  ): void {
    if (latitude === null || longitude === null) return;
    const sample = (this.#samples[station] ??= { seen: 0, stride: 1, latitudes: [], longitudes: [] });
    if (sample.seen++ % sample.stride !== 0) return;
    const north = degrees(bytes, starts[latitude]!, ends[latitude]!, 90);
    const east = degrees(bytes, starts[longitude]!, ends[longitude]!, 180);
    // Files write 0, 0 for an unknown position.
    if (!Number.isFinite(north) || !Number.isFinite(east) || (north === 0 && east === 0)) return;
    sample.latitudes.push(north);
    sample.longitudes.push(east);
    if (sample.latitudes.length < MOST_SAMPLES) return;
    sample.stride *= 2;
    sample.latitudes = everySecond(sample.latitudes);
    sample.longitudes = everySecond(sample.longitudes);
  }

  /** Returns the median position of a station; null if no ride gave one. */
  median(station: number): StationHours['position'] {
    const sample = this.#samples[station];
    if (!sample || sample.latitudes.length === 0) return null;
    return [middle(sample.latitudes), middle(sample.longitudes)];
  }
}

/** Parses degrees. @returns NaN for an empty text and for values beyond `most`. */
function degrees(bytes: Uint8Array, from: number, to: number, most: number): number {
  const text = Buffer.from(bytes.subarray(from, to)).toString('latin1').trim();
  const value = text === '' ? NaN : Number(text);
  return Math.abs(value) <= most ? value : NaN;
}

function everySecond(values: readonly number[]): number[] {
  return values.filter((_, i) => i % 2 === 0);
}

/** Returns the lower median, which is a position that occurs, to a tenth of a metre. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[(sorted.length - 1) >> 1]! * 1e6) / 1e6;
}
