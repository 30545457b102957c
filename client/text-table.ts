import { visibleLine } from '../contracts/visible-text.ts';

/** Renders columns padded to their widest cell, with a header and a rule. Numbers are right-aligned. */
export function table(names: readonly string[], given: readonly (readonly string[])[]): string {
  // Line breaks in a value must not break the row.
  const header = names.map(visibleLine);
  const rows = given.map((row) => row.map(visibleLine));
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const isNumeric = header.map((_, column) =>
    rows.every((row) => /^(-?[\d.,]+(e[+-]?\d+)?|NaN|-?Infinity)?$/i.test(row[column] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) =>
        isNumeric[column] ? (cells[column] ?? '').padStart(width) : (cells[column] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width));
  return [header, rule, ...rows].map((cells) => `${line(cells)}\n`).join('');
}
