/**
 * Defines what the text of one cell means, for every file that people provide. Both engines that read files use
 * these rules, so the same cell means the same thing in CSV and in parquet.
 */

/** Lists the texts that pandas reads as missing, so that this reader and pandas agree. */
const MISSING_TEXTS: readonly string[] = [
  ...['', 'NA', 'N/A', '#N/A', '#N/A N/A', '#NA', 'n/a', '<NA>', 'NaN', 'nan', '-NaN', '-nan'],
  ...['NULL', 'null', 'None', '1.#IND', '-1.#IND', '1.#QNAN', '-1.#QNAN'],
];
const MISSING = new Set(MISSING_TEXTS);

export const isMissing = (text: string): boolean => MISSING.has(text);

/** Matches the prefix of hexadecimal, octal and binary numbers. Cells with such numbers are text. */
const RADIX = /^\s*0[xob]/i;
const ASCII = 0x80;

/** Parses a text as a number, which may be infinite. Returns undefined for any other text. */
export function numberOf(text: string): number | undefined {
  const value = Number(text);
  if (value > 0 || value < 0) return isPlain(text) || isDecimal(text) ? value : undefined;
  if (value === 0) return isPlain(text) || (/\d/.test(text) && isDecimal(text)) ? value : undefined;
  const infinity = text.length < 16 ? /^[ \t]*([+-]?)inf(?:inity)?[ \t]*$/i.exec(text) : null;
  return infinity ? (infinity[1] === '-' ? -Infinity : Infinity) : undefined;
}

/** Checks a text that Number() accepts. Plain numbers start with a sign, point or digit, end with a digit and have no radix. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  const second = text.charCodeAt(1);
  const last = text.charCodeAt(text.length - 1);
  return first >= 43 && first <= 57 && last >= 48 && last <= 57 && !(second > 57 && second !== 101);
}

/** Checks for decimal notation. Number() also accepts other radices, and blanks outside ASCII. */
function isDecimal(text: string): boolean {
  return !RADIX.test(text) && text.charCodeAt(0) < ASCII && text.charCodeAt(text.length - 1) < ASCII;
}

/** Returns 1 for true and 0 for false, as pandas reads them. Returns undefined for other texts. */
export function booleanOf(text: string): number | undefined {
  return /^true$/i.test(text) ? 1 : /^false$/i.test(text) ? 0 : undefined;
}

/** Matches a time with an offset or `Z`. */
const ZONED = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;
export const hasZone = (text: string): boolean => ZONED.test(text);

/** Tells the user how to fix a time with a zone. Files and HTTP share this advice. */
export const ZONE_ADVICE =
  'convert it to local time of the system and remove the zone (pandas: .dt.tz_convert("America/New_York").dt.tz_localize(None))';
