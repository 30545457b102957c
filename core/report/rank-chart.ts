import { escapeHtml } from './escape-html.ts';
import { WIDTH, at, figure, scaleOf, type SeriesStyle } from './plot.ts';
import { shortNumber } from './short-number.ts';

export interface RankRow {
  readonly label: string;
  readonly value: number;
  /** Shown in the label's place where that is too long; left out: the label's beginning. */
  readonly short?: string;
}

export interface RankChartOptions {
  readonly title: string;
  /** Longest first; names may be long. */
  readonly rows: readonly RankRow[];
  readonly style?: SeriesStyle;
  readonly format?: (value: number) => string;
}

const ROW = 24;
/** The names' share of the width, and what the number behind a bar needs. */
const NAMES = 300;
const NUMBER = 70;
/** Characters of a name that fit, at the style sheet's size. */
const MOST_CHARACTERS = 42;

/** The beginning of a text that is too long. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}

/** Horizontal bars with their names and values, for things with names. */
export function rankChart({ title, rows, style = 'a', format = shortNumber }: RankChartOptions): string {
  const length = scaleOf(0, Math.max(1e-12, ...rows.map(({ value }) => value)), 0, WIDTH - NAMES - NUMBER);
  const bars = rows.map(({ label, value, short }, i) => {
    const y = i * ROW;
    const shown = label.length <= MOST_CHARACTERS ? label : shorten(short ?? label, MOST_CHARACTERS);
    return (
      `<text class="tick" x="${NAMES - 8}" y="${y + 16}" text-anchor="end">${escapeHtml(shown)}<title>${escapeHtml(label)}</title></text>` +
      `<rect class="${style}" x="${NAMES}" y="${y + 4}" width="${at(length(value))}" height="${ROW - 8}"/>` +
      `<text class="tick" x="${at(NAMES + length(value) + 6)}" y="${y + 16}">${escapeHtml(format(value))}</text>`
    );
  });
  return figure(title, bars.join(''), [], Math.max(ROW, rows.length * ROW));
}
