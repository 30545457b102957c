/** Lays out labels with their texts for a terminal. */
import { wrapText } from './table-text.ts';

/** Represents a label with its text. An empty label continues the line above. */
export type LabelledText = readonly [label: string, text: string];

const INDENT = 2;
const GAP = 2;
/** A text in a narrower terminal is not wrapped. */
const NARROWEST = 40;

/**
 * Returns one line per text, and more where it is longer than the line.
 * @param width columns of the terminal; undefined for files and pipes, which have no limit.
 */
export function labelledLines(
  rows: readonly LabelledText[],
  width: number | undefined = process.stdout.columns,
): string[] {
  const longest = Math.max(0, ...rows.map(([label]) => label.length));
  const room = (width ?? Infinity) - INDENT - longest - GAP;
  return rows.flatMap(([label, text]) =>
    wrapText(text, room < NARROWEST ? Infinity : room).map((line, i) =>
      `${' '.repeat(INDENT)}${(i === 0 ? label : '').padEnd(longest + GAP)}${line}`.trimEnd(),
    ),
  );
}
