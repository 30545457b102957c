/** Renders pages with inline style and SVG. Their policy forbids scripts, fonts and requests. */
import { escapeHtml } from './escape-html.ts';
import { figureHtml, type Figure } from './figure.ts';

export interface HtmlPage {
  readonly title: string;
  /** Escaped HTML; empty sections are omitted. */
  readonly sections: readonly string[];
  /** Extends the style sheet that all pages share. */
  readonly style?: string;
}

export function htmlPage({ title, sections, style = '' }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${sections.filter(Boolean).join('\n')}
</body>
</html>
`;
}

/** Renders labels with their texts, in order. */
export function factsTable(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table class="facts">${rows.join('')}</table>`;
}

/** Renders a table of texts; the first cell of a row is its name. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((name) => `<th>${escapeHtml(name)}</th>`);
  const body = rows.map(
    ([name = '', ...cells]) =>
      `<tr><th>${escapeHtml(name)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="wide"><table><tr>${head.join('')}</tr>${body.join('')}</table></div>`;
}

/** Renders figures side by side if the page is wide enough. */
export function charts(figures: readonly Figure[]): string {
  return `<div class="charts">${figures.map(figureHtml).join('\n')}</div>`;
}

// Series a to e. The colours differ for people with colour vision deficiencies too (after Okabe and Ito).
export const LIGHT_COLOURS =
  '--a:#2166ac;--b:#888;--c:#d55e00;--d:#00875f;--e:#a0529b;--line:#8884;--bad:#c0392b;--warn:#e0a800;--good:#2e8b57';

/** Defines the style of a chart's marks, for pages and for picture files. */
export const CHART_STYLE = `
.grid{stroke:var(--line)}.tick{font-size:12px;fill:currentColor}
.threshold{stroke:var(--bad);stroke-dasharray:5 4}rect.threshold{fill:var(--bad)}path{fill:none;stroke-width:2}.dot{fill-opacity:.6}
path.a{stroke:var(--a)}circle.a,rect.a{fill:var(--a)}path.b{stroke:var(--b)}circle.b,rect.b{fill:var(--b)}
path.c{stroke:var(--c)}circle.c,rect.c{fill:var(--c)}path.d{stroke:var(--d)}circle.d,rect.d{fill:var(--d)}
path.e{stroke:var(--e)}circle.e,rect.e{fill:var(--e)}
path.band{stroke:none;fill-opacity:.18}path.band.a{fill:var(--a)}path.band.b{fill:var(--b)}path.band.c{fill:var(--c)}
path.band.d{fill:var(--d)}path.band.e{fill:var(--e)}
`;

const STYLE = `
:root{color-scheme:light dark;${LIGHT_COLOURS}}
@media (prefers-color-scheme:dark){:root{--a:#6fb1e8;--b:#999;--c:#f0935a;--d:#4fc3a1;--e:#d494d0;--bad:#ef6f61;--good:#5cc28a}}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;font-size:.85rem}th,td{padding:.2rem .6rem;border-bottom:1px solid var(--line);text-align:right}
th:first-child{text-align:left}.facts td,td.text{text-align:left}td.drift{background:#c0392b33}
.wide{overflow-x:auto;margin-top:1rem}.charts{display:grid;margin-top:1rem;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1.5rem 1rem}
figure{margin:0}figcaption{font-size:.9rem;margin-bottom:.3rem}svg{width:100%;height:auto}.note{font-size:.85rem;opacity:.8}
${CHART_STYLE}
.key{white-space:nowrap;font-size:.8rem;padding-left:.4rem;margin-left:.4rem;border-left:.8rem solid}.key.a{border-color:var(--a)}.key.b{border-color:var(--b)}
.key.threshold{border-color:var(--bad)}.key.c{border-color:var(--c)}.key.d{border-color:var(--d)}.key.e{border-color:var(--e)}
${['a', 'b', 'c', 'd', 'e'].map((style) => `.key.${style}.pale{border-color:color-mix(in srgb,var(--${style}) 25%,transparent)}`).join('')}
`;
