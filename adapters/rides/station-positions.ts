/** Finds the median position of each station from a bounded sample of its rides, evenly spread over the file. */
import type { StationHours } from '../../contracts/station-hours.ts';

/** Positions that are kept per station. When they are full, every second one is dropped, and half as many are added. */
const MOST_SAMPLES = 64;

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const DOT = 46;

interface Sample {
  /** Every how many rides the position is read. */
  stride: number;
  latitudes: number[];
  longitudes: number[];
}

export class StationPositions {
  readonly #samples: (Sample | undefined)[] = [];
  /** Rides to skip before the next sample, by station. */
  #skips = new Uint32Array(1024);

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
    if (this.#skips[station]! > 0) {
      this.#skips[station]!--;
      return;
    }
    this.#sample(
      station,
      decimalIn(bytes, starts[latitude]!, ends[latitude]!),
      decimalIn(bytes, starts[longitude]!, ends[longitude]!),
    );
  }

  #sample(station: number, north: number, east: number): void {
    const sample = (this.#samples[station] ??= { stride: 1, latitudes: [], longitudes: [] });
    if (station >= this.#skips.length) {
      const larger = new Uint32Array(station * 2);
      larger.set(this.#skips);
      this.#skips = larger;
    }
    this.#skips[station] = sample.stride - 1;
    // Files write 0, 0 for an unknown position. NaN fails both comparisons.
    if (!(Math.abs(north) <= 90 && Math.abs(east) <= 180) || (north === 0 && east === 0)) return;
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

/** Parses a decimal such as `-74.0431` without making a string. @returns NaN for any other text. */
function decimalIn(bytes: Uint8Array, from: number, to: number): number {
  const isNegative = bytes[from] === MINUS;
  let value = 0;
  let digits = 0;
  let decimals = -1;
  for (let i = isNegative ? from + 1 : from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === DOT && decimals < 0) decimals = 0;
    else if (byte < ZERO || byte > NINE) return NaN;
    else {
      value = value * 10 + (byte - ZERO);
      digits++;
      if (decimals >= 0) decimals++;
    }
  }
  if (digits === 0) return NaN;
  const size = decimals > 0 ? value / 10 ** decimals : value;
  return isNegative ? -size : size;
}

function everySecond(values: readonly number[]): number[] {
  return values.filter((_, i) => i % 2 === 0);
}

/** Returns the lower median, which is a position that occurs, to a tenth of a metre. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[(sorted.length - 1) >> 1]! * 1e6) / 1e6;
}
