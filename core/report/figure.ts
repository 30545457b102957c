import { escapeHtml } from './escape-html.ts';

/** Represents the class of the style sheet (page.ts) that colours a series. */
export type SeriesStyle = 'a' | 'b' | 'c' | 'd' | 'e';

interface LegendEntry {
  readonly label: string;
  readonly style: SeriesStyle | 'threshold';
  /** Marks an area, which is paler than a line. */
  readonly pale?: boolean;
}

/** Represents a chart as a value. Pages (`figureHtml`) and picture files (`svgFile`) render it. */
export interface Figure {
  readonly title: string;
  readonly legend: readonly LegendEntry[];
  /** SVG elements, in a drawing that is FIGURE_WIDTH wide. */
  readonly marks: string;
  readonly height: number;
}

export const FIGURE_WIDTH = 640;

/** Renders a figure for a page, with its title for screen readers too. */
export function figureHtml({ title, legend, marks, height }: Figure): string {
  const keys = legend.map(
    ({ label, style, pale }) =>
      `<span class="key ${style}${pale ? ' pale' : ''}">${escapeHtml(label)}</span>`,
  );
  return `<figure><figcaption>${escapeHtml(title)} ${keys.join(' ')}</figcaption><svg viewBox="0 0 ${FIGURE_WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${marks}</svg></figure>`;
}
