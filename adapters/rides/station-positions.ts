/** Finds the median position of each station from a bounded sample of its rides, evenly spread over the file. */
import type { StationHours } from '../../contracts/station-hours.ts';

/** Positions that are kept per station. When they are full, every second one is dropped, and half as many are added. */
const MOST_SAMPLES = 16;
/** Latitude and longitude alternate. */
const VALUES = 2 * MOST_SAMPLES;

/** Positions are kept to a tenth of a metre. */
const UNITS_PER_DEGREE = 1e6;

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const DOT = 46;

/** Powers of ten by exponent. Longer fractions are rare enough to compute theirs. */
const POWERS = Array.from({ length: 20 }, (_, exponent) => 10 ** exponent);

/** Typed arrays hold the samples of all stations, because objects for each station miss the processor's cache. */
export class StationPositions {
  /** Rides to skip before the next sample, by station. */
  #skips = new Int32Array(256);
  /** Every how many rides the position is read, less one. */
  #skipped = new Int32Array(256);
  #filled = new Int32Array(256);
  /** VALUES for each station, in units. */
  #values = new Int32Array(256 * VALUES);
  readonly #parsed = new Float64Array(2);

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
    while (station >= this.#skips.length) this.#grow();
    const skips = this.#skips[station]!;
    if (skips > 0) {
      this.#skips[station] = skips - 1;
      return;
    }
    this.#skips[station] = this.#skipped[station]!;
    parseDecimal(bytes, starts[latitude]!, ends[latitude]!, this.#parsed, 0);
    parseDecimal(bytes, starts[longitude]!, ends[longitude]!, this.#parsed, 1);
    this.#sample(station);
  }

  /** Keeps the position that was parsed last. */
  #sample(station: number): void {
    const north = this.#parsed[0]!;
    const east = this.#parsed[1]!;
    // Files write 0, 0 for an unknown position. NaN fails both comparisons.
    if (!(Math.abs(north) <= 90 && Math.abs(east) <= 180) || (north === 0 && east === 0)) return;
    const values = this.#values;
    const from = station * VALUES;
    const at = from + 2 * this.#filled[station]!;
    values[at] = Math.round(north * UNITS_PER_DEGREE);
    values[at + 1] = Math.round(east * UNITS_PER_DEGREE);
    this.#filled[station]!++;
    if (this.#filled[station]! < MOST_SAMPLES) return;
    this.#skipped[station] = 2 * this.#skipped[station]! + 1;
    this.#filled[station] = MOST_SAMPLES / 2;
    for (let i = 2; i < MOST_SAMPLES; i += 2) {
      values[from + i] = values[from + 2 * i]!;
      values[from + i + 1] = values[from + 2 * i + 1]!;
    }
  }

  /** Returns the median position of a station; null if no ride gave one. */
  median(station: number): StationHours['position'] {
    const filled = this.#filled[station] ?? 0;
    if (filled === 0) return null;
    const values = this.#values.subarray(station * VALUES, station * VALUES + 2 * filled);
    return [middle(values, 0), middle(values, 1)];
  }

  #grow(): void {
    this.#skips = twiceAsLong(this.#skips);
    this.#skipped = twiceAsLong(this.#skipped);
    this.#filled = twiceAsLong(this.#filled);
    this.#values = twiceAsLong(this.#values);
  }
}

function twiceAsLong(old: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * old.length);
  longer.set(old);
  return longer;
}

/** Parses a decimal such as `-74.0431` into `into[at]`, without making a string or a boxed number; NaN for any other text. */
function parseDecimal(bytes: Uint8Array, from: number, to: number, into: Float64Array, at: number): void {
  const isNegative = bytes[from] === MINUS;
  let value = 0;
  let digits = 0;
  let decimals = -1;
  into[at] = NaN;
  for (let i = isNegative ? from + 1 : from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === DOT && decimals < 0) decimals = 0;
    else if (byte < ZERO || byte > NINE) return;
    else {
      value = value * 10 + (byte - ZERO);
      digits++;
      if (decimals >= 0) decimals++;
    }
  }
  if (digits === 0) return;
  const size = decimals > 0 ? value / (POWERS[decimals] ?? 10 ** decimals) : value;
  into[at] = isNegative ? -size : size;
}

/** Returns the lower median of every second value in degrees, which is a position that occurs. @param first 0 or 1. */
function middle(values: Int32Array, first: number): number {
  const units = new Int32Array(values.length / 2);
  for (let i = 0; i < units.length; i++) units[i] = values[2 * i + first]!;
  return units.sort()[(units.length - 1) >> 1]! / UNITS_PER_DEGREE;
}
