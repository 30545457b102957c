/** Reads decimal numbers from bytes, with exactly the result of Number() for their text. */
const [ZERO, NINE, PLUS, MINUS, POINT, LETTER_E] = [48, 57, 43, 45, 46, 101];
/** Is the bit that turns an ASCII letter to lower case. */
const LOWER = 0x20;
/** Holds the numbers of digits that an Int32 and a double always hold exactly. */
const [INT_DIGITS, EXACT_DIGITS] = [9, 15];
/** Powers of ten that a double holds exactly. With at most `EXACT_DIGITS` digits, only one rounding occurs (Clinger 1990). */
const EXACT_TENS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Reads the number that begins at `from` into `into[place]`; NaN if there is none, or if it requires Number(). It
 * does not return the double, which would allocate an object. The bytes must contain one that ends a number.
 * @returns the index after the number; `from` if there is none.
 */
export function readNumber(bytes: Uint8Array, from: number, into: Float64Array, place: number): number {
  into[place] = NaN;
  const negative = bytes[from] === MINUS;
  const first = negative ? from + 1 : from;
  let at = first;
  let byte = bytes[at]!;
  while (byte >= ZERO && byte <= NINE) byte = bytes[++at]!;
  let count = at - first;
  let decimals = 0;
  if (byte === POINT) {
    const point = at;
    byte = bytes[++at]!;
    while (byte >= ZERO && byte <= NINE) byte = bytes[++at]!;
    decimals = at - point - 1;
    count += decimals;
  }
  if (count === 0) return from;
  if ((byte | LOWER) === LETTER_E) {
    const end = exponentEnd(bytes, at);
    if (end > at) return end;
  }
  if (count > EXACT_DIGITS) return at;
  const whole = count <= INT_DIGITS ? smallDigits(bytes, first, at) : largeDigits(bytes, first, at);
  const value = decimals === 0 ? whole : whole / EXACT_TENS[decimals]!;
  into[place] = negative ? -value : value;
  return at;
}

/** Reads digits as integers, which allocate no objects before the code is compiled. */
function smallDigits(bytes: Uint8Array, from: number, to: number): number {
  let whole = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte !== POINT) whole = (Math.imul(whole, 10) + byte - ZERO) | 0;
  }
  return whole;
}

function largeDigits(bytes: Uint8Array, from: number, to: number): number {
  let whole = 0;
  for (let at = from; at < to; at++) if (bytes[at] !== POINT) whole = 10 * whole + (bytes[at]! - ZERO);
  return whole;
}

/** Returns the index after the digits of an exponent, or the letter's index if there are none. */
function exponentEnd(bytes: Uint8Array, letter: number): number {
  const signed = bytes[letter + 1] === MINUS || bytes[letter + 1] === PLUS;
  const first = letter + (signed ? 2 : 1);
  let at = first;
  while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1;
  return at === first ? letter : at;
}
