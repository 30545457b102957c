/** Axes of the charts that have a value axis at the left and places along the bottom. */
import { labelStep } from '../charts/label-step.ts';
import type { Frame, Tick } from '../charts/scales.ts';
import { escapeHtml } from './escape-html.ts';
import { FIGURE_WIDTH } from './figure.ts';

export const FIGURE_HEIGHT = 220;

export const FRAME: Frame = { left: 64, right: FIGURE_WIDTH - 12, top: 12, bottom: FIGURE_HEIGHT - 28 };

/** Draws grid lines with their values. */
export function valueAxis(ticks: readonly Tick[], format: (value: number) => string): string {
  return ticks
    .map(
      ({ value, at }) =>
        horizontalLine('grid', at) +
        `<text class="tick" x="${FRAME.left - 6}" y="${pixel(at + 4)}" text-anchor="end">${escapeHtml(format(value))}</text>`,
    )
    .join('');
}

export function horizontalLine(style: 'grid' | 'threshold', at: number): string {
  return `<line class="${style}" x1="${FRAME.left}" x2="${FRAME.right}" y1="${pixel(at)}" y2="${pixel(at)}"/>`;
}

/** Draws the names of the places. @param every draws each n-th name. By default, as many names as fit are drawn. */
export function placeAxis(
  labels: readonly string[],
  xOf: (place: number) => number,
  every: number = labelStep(labels, FRAME.right - FRAME.left),
): string {
  return labels
    .map((label, place) =>
      place % every === 0
        ? `<text class="tick" x="${pixel(xOf(place))}" y="${FIGURE_HEIGHT - 8}" text-anchor="middle">${escapeHtml(label)}</text>`
        : '',
    )
    .join('');
}

/** Rounds to a tenth of a pixel, which keeps pages small. */
export function pixel(value: number): string {
  return String(Number(value.toFixed(1)));
}
