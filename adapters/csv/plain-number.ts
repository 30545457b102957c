/**
 * Decimal numbers read from bytes, equal to the last bit to what Number gives: a whole number below 2⁵³ times or over a power of ten up to
 * 10²² is one rounding of two exact doubles. Everything else is left to Number.
 */
const [ZERO, NINE, PLUS, MINUS, POINT, LETTER_E] = [48, 57, 43, 45, 46, 101];
/** Lower case of an ASCII letter. */
const LOWER = 0x20;
/** Digits that an Int32 holds, whatever they are. */
const INT_DIGITS = 9;
const MOST_TENS = 22;
const POWERS_OF_TEN = Float64Array.from({ length: MOST_TENS + 1 }, (_, power) => Number(`1e${power}`));
/** More digits of an exponent than any double has. */
const LARGE_EXPONENT = 10_000;

export class PlainNumber {
  /** Of the last read: the place after what was taken for the number. Of no meaning after NaN. */
  end = 0;

  /**
   * The number that begins at `from`: `-12.5`, `.5`, `7.`, `1e-05`; NaN where there is none, or none that is exact this way.
   * The bytes must go on to something that ends a number, if only a line feed.
   */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    const negative = bytes[at] === MINUS;
    if (negative) at += 1;
    const first = at;
    let digits = 0;
    let byte = bytes[at]!;
    while (byte >= ZERO && byte <= NINE) {
      digits = (Math.imul(digits, 10) + byte - ZERO) | 0;
      byte = bytes[++at]!;
    }
    let count = at - first;
    let decimals = 0;
    if (byte === POINT) {
      const point = at;
      byte = bytes[++at]!;
      while (byte >= ZERO && byte <= NINE) {
        digits = (Math.imul(digits, 10) + byte - ZERO) | 0;
        byte = bytes[++at]!;
      }
      decimals = at - point - 1;
      count += decimals;
    }
    if (count === 0) return NaN;
    let value = count <= INT_DIGITS ? digits : wholeNumber(bytes, first, at);
    this.end = at;
    let power = -decimals;
    if ((byte | LOWER) === LETTER_E) power += this.#exponent(bytes, at + 1);
    if (power !== 0) {
      if (!(Math.abs(power) <= MOST_TENS)) return NaN;
      value = power < 0 ? value / POWERS_OF_TEN[-power]! : value * POWERS_OF_TEN[power]!;
    }
    return negative ? -value : value;
  }

  /** NaN without a digit. */
  #exponent(bytes: Uint8Array, from: number): number {
    let at = from;
    const negative = bytes[at] === MINUS;
    if (negative || bytes[at] === PLUS) at += 1;
    const first = at;
    let exponent = 0;
    for (let byte = bytes[at]!; byte >= ZERO && byte <= NINE; byte = bytes[++at]!)
      if (exponent < LARGE_EXPONENT) exponent = 10 * exponent + byte - ZERO;
    this.end = at;
    if (at === first) return NaN;
    return negative ? -exponent : exponent;
  }
}

/** Of the digits among the bytes, the point left out; NaN from 2⁵³ on. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === POINT) continue;
    value = 10 * value + (bytes[at]! - ZERO);
    if (value > Number.MAX_SAFE_INTEGER) return NaN;
  }
  return value;
}
