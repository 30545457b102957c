/** Writes rows as CSV (RFC 4180) that a spreadsheet opens without running a formula. */

export type CsvValue = string | number | null;

/** A spreadsheet runs a cell that begins with one of these as a formula, also in their full-width forms. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/;

export function csvOf(head: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [head, ...rows].map((cells) => `${cells.map(fieldOf).join(',')}\r\n`).join('');
}

function fieldOf(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns a file name from a caption, such as `runs-newest-first.csv`. */
export function csvName(caption: string): string {
  const words = caption.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `${words.join('-').slice(0, 80) || 'table'}.csv`;
}
