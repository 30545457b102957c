import { visibleLine } from '../contracts/visible-text.ts';

const GAP = '  ';
/** Columns of text become no narrower than this. */
const NARROWEST = 12;

/**
 * Renders columns padded to their widest cell, with a header and a rule. Numbers are right-aligned. Texts continue on further lines
 * where the table would be wider than the terminal.
 * @param width columns of the terminal; undefined for files and pipes, which have no limit.
 */
export function table(
  names: readonly string[],
  given: readonly (readonly string[])[],
  width: number | undefined = process.stdout.columns,
): string {
  // Line breaks in a value must not break the row.
  const header = names.map(visibleLine);
  const rows = given.map((row) => row.map(visibleLine));
  const isNumeric = header.map((_, column) =>
    rows.every((row) => /^(-?[\d.,]+(e[+-]?\d+)?|NaN|-?Infinity)?$/i.test(row[column] ?? '')),
  );
  const widths = fittingWidths([header, ...rows], isNumeric, width);
  const line = (cells: readonly string[]): string =>
    widths
      .map((most, column) =>
        isNumeric[column] ? (cells[column] ?? '').padStart(most) : (cells[column] ?? '').padEnd(most),
      )
      .join(GAP)
      .trimEnd();
  const rule = widths.map((most) => '-'.repeat(most));
  return [...wrapped(header, widths), rule, ...rows.flatMap((row) => wrapped(row, widths))]
    .map((cells) => `${line(cells)}\n`)
    .join('');
}

/** Narrows the widest columns of text, first to their longest word, then further. */
function fittingWidths(
  rows: readonly (readonly string[])[],
  isNumeric: readonly boolean[],
  most: number | undefined,
): number[] {
  const columnOf = (column: number) => rows.map((row) => row[column] ?? '');
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  const widths = isNumeric.map((_, column) => widest(columnOf(column)));
  if (most === undefined) return widths;
  const words = isNumeric.map((_, column) => widest(columnOf(column).flatMap((text) => text.split(' '))));
  for (const floorOf of [(column: number) => Math.max(NARROWEST, words[column]!), () => NARROWEST]) {
    for (;;) {
      const over = widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length) - most;
      const open = widths.flatMap((each, column) =>
        !isNumeric[column] && each > floorOf(column) ? [column] : [],
      );
      if (over <= 0 || open.length === 0) break;
      const column = open.reduce((a, b) => (widths[b]! > widths[a]! ? b : a));
      widths[column]! -= 1;
    }
  }
  return widths;
}

/** Splits the cells of a row into as many lines as the longest needs. */
function wrapped(row: readonly string[], widths: readonly number[]): string[][] {
  const cells = widths.map((width, column) => wrapText(row[column] ?? '', width));
  const lines = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: lines }, (_, i) => cells.map((cell) => cell[i] ?? ''));
}

/** Breaks a text at spaces, or within a word that is longer than a line. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
