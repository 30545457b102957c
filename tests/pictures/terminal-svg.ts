/** Renders the screens of a terminal, one after the other, as an SVG that needs no script. */
import { escapeHtml } from '../../core/report/escape-html.ts';

export interface TerminalFrame {
  /** Seconds from the start of the recording. */
  readonly at: number;
  /** All lines so far; the last ones are shown. */
  readonly lines: readonly string[];
}

interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

const FONT_SIZE = 14;
const CHARACTER = 8.43;
const LINE = 19;
const MARGIN = 16;
const BAR = 34;
/** Sets the seconds for which the last screen stays before the recording starts again. */
const HOLD = 6;

/** @param title names the recording for screen readers. */
export function terminalSvg(title: string, frames: readonly TerminalFrame[], size: TerminalSize): string {
  const { columns, rows } = size;
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN);
  const inner = rows * LINE;
  const height = BAR + inner + MARGIN;
  const end = (frames.at(-1)?.at ?? 0) + HOLD;
  const shown = frames.map(({ lines }) => lines.slice(-rows));
  const texts = [...new Set(shown.flat())].filter((line) => line !== '');
  const ids = new Map(texts.map((line, i) => [line, `l${i}`]));
  const steps = frames.map(
    ({ at }, i) => `${((100 * at) / end).toFixed(3)}%{transform:translateY(-${i * inner}px)}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(title)}">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>@keyframes play{${steps.join('')}}`,
    `.reel{animation:play ${end.toFixed(1)}s steps(1,end) infinite}`,
    // Readers who want no motion see the last screen.
    `@media (prefers-reduced-motion:reduce){.reel{animation:none;transform:translateY(-${(frames.length - 1) * inner}px)}}`,
    `text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d7dde5;white-space:pre}`,
    '.typed{fill:#7fd1ff}.good{fill:#8ddb8c}</style>',
    '<defs>',
    ...texts.map((line) => `<g id="${ids.get(line)}">${lineText(line)}</g>`),
    `<clipPath id="screen"><rect width="${width}" height="${inner}"/></clipPath>`,
    '</defs>',
    `<rect width="${width}" height="${height}" rx="8" fill="#12171f"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, i) => `<circle cx="${MARGIN + 6 + i * 20}" cy="${BAR / 2}" r="6" fill="${fill}"/>`,
    ),
    `<g transform="translate(0 ${BAR})" clip-path="url(#screen)"><g class="reel">`,
    ...shown.map((lines, i) => screen(lines, i * inner, ids)),
    '</g></g></svg>',
    '',
  ].join('\n');
}

function screen(lines: readonly string[], top: number, ids: ReadonlyMap<string, string>): string {
  const uses = lines.map((line, row) => {
    const id = ids.get(line);
    return id === undefined ? '' : `<use href="#${id}" x="${MARGIN}" y="${top + row * LINE + FONT_SIZE}"/>`;
  });
  return uses.join('');
}

/** Gives each line its exact width, so that columns line up in every font. */
function lineText(line: string): string {
  const tone = line.startsWith('$ ') ? ' class="typed"' : /^\s*✓/.test(line) ? ' class="good"' : '';
  const width = ([...line].length * CHARACTER).toFixed(1);
  return `<text${tone} textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escapeHtml(line)}</text>`;
}
