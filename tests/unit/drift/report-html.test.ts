import { describe, expect, it } from 'vitest';
import { Reference } from '../../../core/drift/evidently/compare.ts';
import { renderReport } from '../../../core/drift/report/render-report.ts';
import type { Column } from '../../../core/drift/evidently/drift-table.ts';

const column = (...values: number[]): Column => ({ type: 'num', values: Float64Array.from(values) });
const EVIL = '<script>alert("x")</script>&';

const table = {
  rows: 3,
  columns: new Map([
    [EVIL, column(1, 2, NaN)],
    ['prediction', column(1, 2, 3)],
    ['trips', column(2, 2, 2)],
  ]),
};
const engine = new Reference(table, { target: 'trips', prediction: 'prediction' });
const weeks = engine.compareWeeks(table, ['2025-01-05', '2025-01-06', '2025-01-07']);
const page = renderReport({
  title: EVIL,
  facts: [[EVIL, EVIL]],
  decision: { decision: 'watch', reasons: [EVIL] },
  whole: engine.compare(table),
  weeks: Object.fromEntries(weeks.map((week) => [week.week, week])),
  predictionColumn: 'prediction',
});

describe('the HTML report', () => {
  it('escapes every name and text', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;');
    expect(page).not.toContain('<script');
  });

  it('needs no other file', () => {
    expect(page).not.toMatch(/(\bsrc=|\bhref=|@import|url\()/);
    expect(page.match(/<svg/g)).toHaveLength(5);
  });

  it('names the decision and shows every week', () => {
    expect(page).toContain('<strong>watch</strong>');
    expect(page.indexOf('<strong>watch</strong>')).toBeLessThan(page.search(/<(table|svg|h2)/));
    expect(page).toContain('no week of 2 drifted; no column of 3 drifted over all of current');
    expect(page).toContain('<th>W01</th><th>W02</th>');
  });
});
