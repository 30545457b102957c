/** Reads decimal numbers from bytes, equal to the last bit to what Number() returns for their text. */
const [ZERO, NINE, PLUS, MINUS, POINT, LETTER_E] = [48, 57, 43, 45, 46, 101];
/** Lower case of an ASCII letter. */
const LOWER = 0x20;
/** Numbers of digits that an Int32 and a double always hold exactly. */
const [INT_DIGITS, EXACT_DIGITS] = [9, 15];
/** Powers of ten that every double holds exactly; with `EXACT_DIGITS`, one rounding remains (Clinger 1990). */
const EXACT_TENS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Reads the number that begins at `from` into `into[place]`; NaN if there is none, or if it needs Number(). A
 * returned double would cost an object. The bytes must go on to one that ends a number.
 * @returns the place after the number, `from` if there is none.
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

/** Stays in integers, which cost no object before the code is compiled. */
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

/** Returns the place after the digits of an exponent; the letter's own place where there are none. */
function exponentEnd(bytes: Uint8Array, letter: number): number {
  const signed = bytes[letter + 1] === MINUS || bytes[letter + 1] === PLUS;
  const first = letter + (signed ? 2 : 1);
  let at = first;
  while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1;
  return at === first ? letter : at;
}
