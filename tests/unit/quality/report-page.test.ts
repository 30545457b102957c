import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../adapters/s3/json-text.ts';
import {
  buildDatasetReport,
  datasetReportPage,
  datasetWeather,
} from '../../../core/quality/dataset-report.ts';
import { monthReportPage } from '../../../core/quality/month-report-page.ts';
import { goodFacts, goodHours, previousOf, reportOf } from './hand-made-month.ts';

const EVIL = '<script>alert("x")</script>&';
const evil = reportOf(
  goodHours(),
  [
    {
      ...goodFacts(),
      memberTypes: { [EVIL]: 50_000 },
      bikeTypes: { [EVIL]: 50_000 },
      firstStart: EVIL,
      csvs: [{ name: EVIL, rows: 1, header: EVIL, quoted: false }],
    },
  ],
  previousOf(),
);

describe('the page of a month', () => {
  const page = monthReportPage(evil);

  it('escapes every name and text', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;');
    expect(page.toLowerCase()).not.toContain('<script');
  });

  it('needs no other file', () => {
    expect(page).not.toMatch(/(\bsrc=|\bhref=|@import|url\()/);
    expect(page.match(/<svg/g)).toHaveLength(6);
  });

  it('shows the outcome and each value beyond its bound', () => {
    expect(page).toContain('<p class="verdict fail">fail</p>');
    expect(page).toMatch(/unknown_member_share.*?100 %.*?at most 0\.05.*?class="state fail"/);
  });

  it('shows counts of irregular rows, if the archives were read by a version that has them', () => {
    const irregular = {
      under_a_minute: 1417,
      ends_before_start: 2,
      over_a_day: 37,
      name_without_id: 0,
      stations_with_two_names: 3,
    };
    const counted = monthReportPage(reportOf(goodHours(), [{ ...goodFacts(), irregular }]));
    expect(counted).toMatch(/ride under 60 s<\/th><td>1,417<\/td>.*end before start<\/th><td>2<\/td>/);
    expect(counted).toMatch(/station id with several names<\/th><td>3<\/td>/);
    expect(monthReportPage(reportOf(goodHours(), [goodFacts()]))).not.toContain('Irregular rows');
  });

  it('names the unknown facts of a month made from processed hours', () => {
    expect(monthReportPage(reportOf(goodHours(), []))).toContain('the month was made from processed hours');
  });
});

describe('the report', () => {
  it('has the same bytes for the same month, in any order of the counts', () => {
    const { memberTypes, ...facts } = goodFacts();
    const turned = { ...facts, memberTypes: Object.fromEntries(Object.entries(memberTypes).reverse()) };
    const [a, b] = [
      reportOf(goodHours(), [goodFacts()], previousOf()),
      reportOf(goodHours(), [turned], previousOf()),
    ];
    expect(canonicalJson(a)).toBe(canonicalJson(b));
    expect(monthReportPage(a)).toBe(monthReportPage(b));
  });
});

describe('the report of a data set', () => {
  const month = (name: string) => ({ ...reportOf(goodHours(), [goodFacts()]), month: name });

  it('warns of missing months in between, and names them', () => {
    const report = buildDatasetReport([month('2024-06'), month('2024-03'), month('2024-04')], null);
    expect(report).toMatchObject({ verdict: 'warn', gaps: ['2024-05'] });
    expect(report.months.map((each) => each.month)).toEqual(['2024-03', '2024-04', '2024-06']);
    expect(report.months[0]).toMatchObject({ rows: 50_000, rejectedShare: 0.02, missingHours: 0 });
  });

  it('distinguishes days with weather carried forward from days without weather', () => {
    const day = (date: string) => ({ date, TMAX: 40, TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: null });
    const days = Array.from({ length: 31 }, (_, i) => `2025-01-${String(i + 1).padStart(2, '0')}`);
    const observed = days.filter((date) => !/-(11|19|25|26|27|28)$/.test(date)).map(day);
    expect(datasetWeather(observed, ['2025-01'])).toEqual({
      filledDays: ['2025-01-11', '2025-01-19', '2025-01-25', '2025-01-26', '2025-01-27'],
      missingDays: ['2025-01-28'],
    });
  });

  it('is a page that escapes texts and shows every month', () => {
    const page = datasetReportPage(
      buildDatasetReport([month('2024-04')], { filledDays: [EVIL], missingDays: [] }),
    );
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script');
    expect(page).toContain('<th>2024-04</th>');
  });
});
