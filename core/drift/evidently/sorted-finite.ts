/** Sets the minimum number of values for radix sort. TypedArray.sort is faster for fewer. */
const SMALL = 20_000;
/** Bits per pass. Two passes sort by sign, exponent and 18 bits of the fraction, which distinguish most values of a column. */
const BITS = 15;
const DIGIT = (1 << BITS) - 1;
/** Is the first bit of each pass in the high word. */
const [LOW, HIGH] = [32 - 2 * BITS, 32 - BITS];
const SIGN = 0x8000_0000;
/** Bits of the exponent. All of them are 1 only in infinities and NaN. */
const EXPONENT = 0x7ff0_0000;
/** Limits the insertion steps per value. If values are too close to each other, TypedArray.sort is faster. */
const MOST_STEPS = 8;

/**
 * Returns a copy without NaN and infinities, ascending, −0 before 0. Large arrays are sorted by their highest 30 bits (LSD radix sort),
 * then by insertion. For a million doubles this takes a fifth of the time of TypedArray.sort.
 * @param scratch a reusable buffer of at least as many values. By default, a new one is allocated.
 */
export function sortedFinite(values: Float64Array, scratch?: Float64Array): Float64Array {
  if (values.length < SMALL) return finiteOf(values).sort();
  const spare = scratch ?? new Float64Array(values.length);
  const [low, high] = [new Int32Array(DIGIT + 1), new Int32Array(DIGIT + 1)];
  const words = wordsOf(values);
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i]!;
    if ((word & EXPONENT) === EXPONENT) continue;
    low[digitOf(word, LOW)]! += 1;
    high[digitOf(word, HIGH)]! += 1;
  }
  const size = countsToPlaces(low);
  countsToPlaces(high);
  const sorted = new Float64Array(size);
  scatterFinite(values, spare, LOW, low);
  scatterFinite(spare.subarray(0, size), sorted, HIGH, high);
  return insertAll(sorted) ? sorted : sorted.sort();
}

/** Views words of doubles. All platforms of Node are little-endian, so the low word comes first. */
function wordsOf(values: Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** Turns counts by digit into the first index of each digit. @returns the sum of counts. */
function countsToPlaces(counts: Int32Array): number {
  let size = 0;
  for (let digit = 0; digit <= DIGIT; digit++) {
    const count = counts[digit]!;
    counts[digit] = size;
    size += count;
  }
  return size;
}

/** Sorts stably by the bits of the high words from `shift`. */
function scatterFinite(from: Float64Array, to: Float64Array, shift: number, places: Int32Array): void {
  const words = wordsOf(from);
  for (let i = 0; i < from.length; i++) {
    const word = words[2 * i + 1]!;
    if ((word & EXPONENT) !== EXPONENT) to[places[digitOf(word, shift)]!++] = from[i]!;
  }
}

/** Maps bits to an order: it flips all bits of negative numbers, which are in reverse order, and the sign of the others. */
function digitOf(word: number, shift: number): number {
  return ((word ^ ((word >> 31) | SIGN)) >>> shift) & DIGIT;
}

/** Sorts by insertion. It stops and returns false if values are too far from their positions. */
function insertAll(values: Float64Array): boolean {
  let left = MOST_STEPS * values.length;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    let at = i;
    while (at > 0 && values[at - 1]! > value) {
      values[at] = values[at - 1]!;
      at -= 1;
    }
    values[at] = value;
    left -= i - at;
    if (left < 0) return false;
  }
  return true;
}

/** Returns a copy without NaN and infinities, in the same order. */
export function finiteOf(values: Float64Array): Float64Array {
  const finite = new Float64Array(values.length);
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) finite[size++] = value;
  }
  return finite.subarray(0, size);
}
