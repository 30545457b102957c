/** Reads decimal numbers from bytes, equal to the last bit to what Number() returns for their text. */
const [ZERO, NINE, PLUS, MINUS, POINT, LETTER_E] = [48, 57, 43, 45, 46, 101];
/** Lower case of an ASCII letter. */
const LOWER = 0x20;
/** Numbers of digits that every double holds exactly. */
const EXACT_DIGITS = 15;
/** Powers of ten that every double holds exactly; with `EXACT_DIGITS`, one rounding remains (Clinger 1990). */
const EXACT_TENS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Reads the number that begins at `from` into `into[place]`; NaN if there is none, or if it needs Number(). A
 * returned double would cost an object. The bytes must go on to one that ends a number.
 * @returns the place after the number, `from` if there is none.
 */
export function readNumber(bytes: Uint8Array, from: number, into: Float64Array, place: number): number {
  let at = from;
  const negative = bytes[at] === MINUS;
  if (negative) at += 1;
  const first = at;
  let whole = 0;
  let byte = bytes[at]!;
  while (byte >= ZERO && byte <= NINE) {
    whole = 10 * whole + (byte - ZERO);
    byte = bytes[++at]!;
  }
  let count = at - first;
  let power = 0;
  if (byte === POINT) {
    const point = at;
    byte = bytes[++at]!;
    while (byte >= ZERO && byte <= NINE) {
      whole = 10 * whole + (byte - ZERO);
      byte = bytes[++at]!;
    }
    power = point + 1 - at;
    count -= power;
  }
  into[place] = NaN;
  if (count === 0) return from;
  if ((byte | LOWER) === LETTER_E) {
    const end = exponentEnd(bytes, at);
    if (end > at) return end;
  }
  if (count > EXACT_DIGITS || power < -22) return at;
  const value = whole / EXACT_TENS[-power]!;
  into[place] = negative ? -value : value;
  return at;
}

/** Returns the place after the digits of an exponent; the letter's own place where there are none. */
function exponentEnd(bytes: Uint8Array, letter: number): number {
  const signed = bytes[letter + 1] === MINUS || bytes[letter + 1] === PLUS;
  const first = letter + (signed ? 2 : 1);
  let at = first;
  while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1;
  return at === first ? letter : at;
}
