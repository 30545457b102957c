import { linearScale } from '../charts/scales.ts';
import { pixel } from './axes.ts';
import { escapeHtml } from './escape-html.ts';
import { FIGURE_WIDTH, type Figure, type SeriesStyle } from './figure.ts';
import { shortNumber } from './short-number.ts';

interface RankRow {
  readonly label: string;
  readonly value: number;
  /** Replaces a label that is too long; omitted, the label is cut. */
  readonly short?: string;
}

export interface RankChartOptions {
  readonly title: string;
  /** Sorted, the longest bar first. */
  readonly rows: readonly RankRow[];
  readonly style?: SeriesStyle;
  readonly format?: (value: number) => string;
}

const ROW = 24;
/** Pixels for the names, and for the number behind a bar. */
const NAMES = 300;
const NUMBER = 70;
/** Counts the characters of a name that fit, at the style sheet's size. */
const MOST_CHARACTERS = 42;

/** Cuts a text that is longer than `most` characters. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}

/** Draws horizontal bars with their names and values. */
export function rankChart({ title, rows, style = 'a', format = shortNumber }: RankChartOptions): Figure {
  const length = linearScale(
    [0, Math.max(1e-12, ...rows.map(({ value }) => value))],
    [0, FIGURE_WIDTH - NAMES - NUMBER],
  );
  const bars = rows.map(({ label, value, short }, i) => {
    const y = i * ROW;
    const shown = label.length <= MOST_CHARACTERS ? label : shorten(short ?? label, MOST_CHARACTERS);
    return (
      `<text class="tick" x="${NAMES - 8}" y="${y + 16}" text-anchor="end">${escapeHtml(shown)}<title>${escapeHtml(label)}</title></text>` +
      `<rect class="${style}" x="${NAMES}" y="${y + 4}" width="${pixel(length(value))}" height="${ROW - 8}"/>` +
      `<text class="tick" x="${pixel(NAMES + length(value) + 6)}" y="${y + 16}">${escapeHtml(format(value))}</text>`
    );
  });
  return { title, legend: [], marks: bars.join(''), height: Math.max(ROW, rows.length * ROW) };
}
