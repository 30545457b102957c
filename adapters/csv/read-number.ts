/**
 * Decimal numbers read from bytes, equal to the last bit to what Number gives. Up to 15 digits times or over a power of ten up to 10²² are one
 * rounding of two exact doubles; up to 30 digits are divided in pairs of doubles. What neither decides is left to Number.
 */
const [ZERO, NINE, PLUS, MINUS, POINT, LETTER_E] = [48, 57, 43, 45, 46, 101];
/** Lower case of an ASCII letter. */
const LOWER = 0x20;
/** Digits that an Int32 holds, whatever they are, and those that a double does. */
const [INT_DIGITS, DOUBLE_DIGITS] = [9, 15];
const MOST_TENS = 22;
const POWERS_OF_TEN = Float64Array.from({ length: MOST_TENS + 1 }, (_, power) => Number(`1e${power}`));
/** More digits of an exponent than any double has. */
const LARGE_EXPONENT = 10_000;

/**
 * Reads the number that begins at `from`, `-12.5`, `.5`, `7.` or `1e-05`, into `into[place]`: NaN where there is none, or where Number has to
 * be asked. A double that is returned would cost an object. The bytes must go on to something that ends a number, if only a line feed.
 * @returns the place after what is written as a number, also where its value is left to Number; `from` where there is none.
 */
export function readNumber(bytes: Uint8Array, from: number, into: Float64Array, place: number): number {
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
  let power = 0;
  if (byte === POINT) {
    const point = at;
    byte = bytes[++at]!;
    while (byte >= ZERO && byte <= NINE) {
      digits = (Math.imul(digits, 10) + byte - ZERO) | 0;
      byte = bytes[++at]!;
    }
    power = point + 1 - at;
    count -= power;
  }
  if (count === 0) {
    into[place] = NaN;
    return from;
  }
  let end = at;
  if ((byte | LOWER) === LETTER_E) {
    end = exponentEnd(bytes, at);
    if (end > at) power += exponentOf(bytes, at + 1, end);
  }
  const value = count <= INT_DIGITS ? scaled(digits, power) : longNumber(bytes, first, at, power);
  into[place] = negative ? -value : value;
  return end;
}

/** Behind the digits of an exponent; the letter's own place where there are none. */
function exponentEnd(bytes: Uint8Array, letter: number): number {
  const signed = bytes[letter + 1] === MINUS || bytes[letter + 1] === PLUS;
  const first = letter + (signed ? 2 : 1);
  let at = first;
  while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at += 1;
  return at === first ? letter : at;
}

function exponentOf(bytes: Uint8Array, from: number, to: number): number {
  const signed = bytes[from] === MINUS || bytes[from] === PLUS;
  let exponent = 0;
  for (let at = signed ? from + 1 : from; at < to; at++)
    if (exponent < LARGE_EXPONENT) exponent = 10 * exponent + bytes[at]! - ZERO;
  return bytes[from] === MINUS ? -exponent : exponent;
}

/** `whole` · 10^`power`, where both are doubles. */
function scaled(whole: number, power: number): number {
  if (power === 0) return whole;
  if (power > MOST_TENS || power < -MOST_TENS) return NaN;
  return power < 0 ? whole / POWERS_OF_TEN[-power]! : whole * POWERS_OF_TEN[power]!;
}

/** The digits among the bytes, the point left out, times 10^`power`. */
function longNumber(bytes: Uint8Array, from: number, to: number, power: number): number {
  let head = 0;
  let tail = 0;
  let count = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === POINT) continue;
    count += 1;
    if (count <= DOUBLE_DIGITS) head = 10 * head + (bytes[at]! - ZERO);
    else tail = 10 * tail + (bytes[at]! - ZERO);
  }
  if (count <= DOUBLE_DIGITS) return scaled(head, power);
  if (count > 2 * DOUBLE_DIGITS || power > 0 || power < -MOST_TENS) return NaN;
  return quotient(head, POWERS_OF_TEN[count - DOUBLE_DIGITS]!, tail, POWERS_OF_TEN[-power]!);
}

/** Of 1: more than the pairs below lose, which is under 2⁻¹⁰³. */
const LOST = 2 ** -100;

/** (a · b + c) / d of whole numbers, a, c ≤ 10¹⁵; NaN where the pair of doubles is too near the middle of two to tell which is the nearer. */
function quotient(a: number, b: number, c: number, d: number): number {
  const product = a * b;
  const rest = productError(a, b, product) + c;
  const high = product + rest;
  const low = rest - (high - product);
  const first = high / d;
  const back = first * d;
  const second = (high - back - productError(first, d, back) + low) / d;
  const doubt = first * LOST;
  const nearest = first + (second + doubt);
  return nearest === first + (second - doubt) ? nearest : NaN;
}

const SPLITTER = 2 ** 27 + 1;

/** a · b − product, exactly (Dekker 1971). */
function productError(a: number, b: number, product: number): number {
  const bigA = a * SPLITTER;
  const bigB = b * SPLITTER;
  const highA = bigA - (bigA - a);
  const highB = bigB - (bigB - b);
  const lowA = a - highA;
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
