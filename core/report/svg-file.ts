import { escapeHtml } from './escape-html.ts';
import { FIGURE_WIDTH, type Figure } from './figure.ts';
import { CHART_STYLE, LIGHT_COLOURS } from './page.ts';

const TITLE_HEIGHT = 30;
const LEGEND_HEIGHT = 20;
const MARGIN = 8;

/** Sets the width of a character of the legend, in pixels. */
const CHARACTER = 7;
const SWATCH = 14;
const GAP = 24;

/** Renders a figure as an SVG file on white, with its title, legend and style. */
export function svgFile({ title, legend, marks, height }: Figure): string {
  const top = TITLE_HEIGHT + (legend.length > 0 ? LEGEND_HEIGHT : 0);
  let x = MARGIN;
  const keys = legend.map(({ label, style, pale }) => {
    const key =
      `<rect class="${style}" x="${x}" y="${TITLE_HEIGHT - 4}" width="${SWATCH}" height="10"${pale ? ' fill-opacity=".25"' : ''}/>` +
      `<text class="tick" x="${x + SWATCH + 5}" y="${TITLE_HEIGHT + 5}">${escapeHtml(label)}</text>`;
    x += SWATCH + label.length * CHARACTER + GAP;
    return key;
  });
  const [width, full] = [FIGURE_WIDTH + 2 * MARGIN, height + top + MARGIN];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${full}" viewBox="0 0 ${width} ${full}" role="img" aria-label="${escapeHtml(title)}">
<title>${escapeHtml(title)}</title>
<style>svg{${LIGHT_COLOURS};color:#222;font-family:system-ui,sans-serif}.title{font-size:15px;fill:currentColor}${CHART_STYLE}</style>
<rect width="${width}" height="${full}" fill="#fff"/>
<text class="title" x="${MARGIN}" y="18">${escapeHtml(title)}</text>
${keys.join('')}
<g transform="translate(${MARGIN} ${top})">${marks}</g>
</svg>
`;
}
