import { describe, expect, it } from 'vitest';
import { Reference } from '../../../core/drift/evidently/compare.ts';
import { histogramsOf } from '../../../core/drift/report/histograms.ts';
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
const dates = ['2025-01-05', '2025-01-06', '2025-01-07'];
const weeks = engine.compareWeeks(table, dates);
const page = renderReport({
  title: EVIL,
  facts: [[EVIL, EVIL]],
  decision: { decision: 'watch', reasons: [EVIL] },
  whole: engine.compare(table),
  weeks: Object.fromEntries(weeks.map((week) => [week.week, week])),
  predictionColumn: 'prediction',
  histograms: histogramsOf(table, table, dates),
});

describe('the HTML report', () => {
  it('escapes every name and text', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;');
    expect(page).not.toContain('<script');
  });

  it('needs no other file', () => {
    expect(page).not.toMatch(/(\bsrc=|\bhref=|@import|url\()/);
    expect(page.match(/<svg/g)).toHaveLength(5 + 2 * 3);
  });

  it('names the decision and shows every week', () => {
    expect(page).toContain('<strong>watch</strong>');
    expect(page.indexOf('<strong>watch</strong>')).toBeLessThan(page.search(/<(table|svg|h2)/));
    expect(page).toContain(
      `<p>No column of 3 drifted in week 2025-W02; no retraining followed because the check decided watch: `,
    );
    expect(page).toContain('no week of 2 drifted; no column of 3 drifted over all of current');
    expect(page).toContain('<th>W01</th><th>W02</th>');
  });

  it('names the score of each test, and draws its threshold with a legend', () => {
    expect(page).toContain('<td class="text">p-value of ');
    expect(page).toMatch(/<td>below 0\.05<\/td>/);
    expect(page).toContain('class="key threshold">threshold 0.05</span>');
    expect(page).toContain('prediction, trips per hour: p-value of ');
  });
});
