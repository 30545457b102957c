/**
 * Quantiles of more numbers than are kept, with a bound that always holds. Levels of buffers; a full one is sorted, and every other value
 * goes up a level, where it stands for twice as many. That moves the rank of any number by at most the weight of one value, so the
 * sum over all these steps bounds the error of every rank (Munro & Paterson 1980; Karnin, Lang & Liberty 2016 take random turns
 * where this takes them in order, so that the same data give the same sketch).
 */

/** JSON-able. */
export interface QuantileSketch {
  readonly size: number;
  readonly min: number;
  readonly max: number;
  /** A value of level h stands for 2^h. */
  readonly levels: readonly (readonly number[])[];
  /** Whether the next value to go up from a level is the first or the second of a pair. */
  readonly turns: readonly number[];
  /** The number of values up to any x is off by at most this. */
  readonly rankError: number;
}

/** Values a level holds: a million numbers then have ranks to 0.2 %, a hundred million to 0.4 %. */
const BUFFER = 4096;

interface Growing {
  size: number;
  min: number;
  max: number;
  levels: number[][];
  turns: number[];
  rankError: number;
}

/** @param values finite. */
export function sketchOf(values: Iterable<number>): QuantileSketch {
  const sketch: Growing = {
    size: 0,
    min: Infinity,
    max: -Infinity,
    levels: [[]],
    turns: [0],
    rankError: 0,
  };
  for (const value of values) {
    sketch.size += 1;
    if (value < sketch.min) sketch.min = value;
    if (value > sketch.max) sketch.max = value;
    sketch.levels[0]!.push(value);
    if (sketch.levels[0]!.length >= BUFFER) compact(sketch);
  }
  return sketch;
}

export function mergeSketches(a: QuantileSketch, b: QuantileSketch): QuantileSketch {
  const height = Math.max(a.levels.length, b.levels.length);
  const merged: Growing = {
    size: a.size + b.size,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    levels: Array.from({ length: height }, (_, h) => [...(a.levels[h] ?? []), ...(b.levels[h] ?? [])]),
    turns: Array.from({ length: height }, (_, h) => a.turns[h] ?? b.turns[h] ?? 0),
    rankError: a.rankError + b.rankError,
  };
  compact(merged);
  return merged;
}

/** As many values as went in, ascending, each kept one as often as it stands for; least and most are exact. */
export function valuesOf({ size, min, max, levels }: QuantileSketch): Float64Array {
  const values = new Float64Array(size);
  let at = 0;
  for (const [level, kept] of levels.entries()) {
    const weight = 2 ** level;
    for (const value of kept) values.fill(value, at, (at += weight));
  }
  values.sort();
  if (size > 0) [values[0], values[size - 1]] = [min, max];
  return values;
}

/** Of a distribution function made of `valuesOf`: the largest error anywhere, as a share. One rank is for least and most. */
export function errorBound({ size, rankError }: QuantileSketch): number {
  return rankError === 0 ? 0 : (rankError + 1) / size;
}

function compact(sketch: Growing): void {
  for (let level = 0; level < sketch.levels.length; level++) {
    const buffer = sketch.levels[level]!;
    if (buffer.length < BUFFER) continue;
    buffer.sort((a, b) => a - b);
    // Of an odd number the last stays, so that the weights add up to the size.
    const pairs = buffer.length >> 1;
    const turn = sketch.turns[level]!;
    const above = (sketch.levels[level + 1] ??= []);
    sketch.turns[level + 1] ??= 0;
    for (let pair = 0; pair < pairs; pair++) above.push(buffer[2 * pair + turn]!);
    sketch.levels[level] = buffer.length % 2 === 1 ? [buffer.at(-1)!] : [];
    sketch.turns[level] = 1 - turn;
    sketch.rankError += 2 ** level;
  }
}
