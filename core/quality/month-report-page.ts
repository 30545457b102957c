/** Renders the quality report of a month as HTML. The same report gives the same page. */
import { barChart } from '../report/bar-chart.ts';
import { escapeHtml } from '../report/escape-html.ts';
import { charts, factsTable, htmlPage, textTable } from '../report/page.ts';
import { rankChart } from '../report/rank-chart.ts';
import { percent, shortNumber } from '../report/short-number.ts';
import { rejectedOf } from './check.ts';
import { CHECKS } from './checks.ts';
import { MEASURED_COLUMNS, MINUTES_QUANTILES, type ArchiveMeasures, type MonthMeasures } from './measures.ts';
import { boundsText, valueText, type CheckResult, type MonthQualityReport } from './month-report.ts';
import type { Figure } from '../report/figure.ts';
import { ruleSetOf } from '../../contracts/stored-names.ts';

export function monthReportPage(report: MonthQualityReport): string {
  const { system, month, synthetic, verdict, checks, measures } = report;
  const { archives } = measures;
  return htmlPage({
    title: `Data quality of ${system} ${month}${synthetic ? ' (synthetic data)' : ''}`,
    sections: [
      `<p class="verdict ${verdict}">${verdict}</p>`,
      factsTable(factsOf(report)),
      `<h2>Checks</h2>${checksTable(checks)}`,
      '<h2>Hours</h2>',
      charts(hourCharts(measures)),
      columnsTable(measures),
      correlationsTable(measures),
      archives
        ? `<h2>Archives</h2>${charts(archiveCharts(archives))}${irregularTable(archives)}${csvsTable(archives)}`
        : '',
    ],
    style: QUALITY_STYLE,
  });
}

function factsOf(report: MonthQualityReport): [string, string][] {
  const { rules, measures, provisional, previousMonth } = report;
  const { archives, trips, hours } = measures;
  const known: [string, string][] = [
    ['Rule set', ruleSetOf(rules)],
    ['Trips', trips === null ? 'unknown' : count(trips)],
    [
      'Hours',
      hours ? `${hours.present} of ${hours.expected}, of which ${hours.zero} have no trips` : 'unknown',
    ],
  ];
  if (archives) {
    const { rows, kept, duplicates, firstStart, lastStart } = archives;
    known.push(
      [
        'Rows read',
        `${count(rows)} = ${count(kept)} kept + ${count(rejectedOf(archives))} rejected + ${count(duplicates)} duplicates`,
      ],
      ['Starts', `${firstStart ?? 'unknown'} to ${lastStart ?? 'unknown'}`],
    );
  } else known.push(['Rows read', 'unknown: the month was made from processed hours']);
  if (hours && hours.missing > 0)
    known.push(['Missing hours', `${hours.missing}: ${hours.missingNamed.join(', ')}`]);
  known.push(
    [
      'Provisional',
      provisional ? "yes: the next month's file is missing and may contain rides of this month" : 'no',
    ],
    ['Compared with', previousMonth ?? 'no month: the month before is missing'],
  );
  return known;
}

const ORDER: readonly CheckResult['state'][] = ['fail', 'warn', 'pass', 'info', 'unknown'];

function checksTable(checks: readonly CheckResult[]): string {
  const sorted = ORDER.flatMap((state) => checks.filter((each) => each.state === state));
  const rows = sorted.map(({ check, state, value, warn, fail, detail }) => {
    const { about, unit } = CHECKS[check];
    const shown = value !== null && unit === 'share' ? percent(value) : valueText(value);
    const cells = [about, shown, warn ? boundsText(warn) : '–', fail ? boundsText(fail) : '–'];
    return (
      `<tr><th>${escapeHtml(check)}</th>${cells.map((cell, i) => `<td${i === 0 ? ' class="text"' : ''}>${escapeHtml(cell)}</td>`).join('')}` +
      `<td class="state ${state}">${state}</td><td class="text">${escapeHtml(detail ?? '')}</td></tr>`
    );
  });
  return `<div class="wide"><table><tr><th>check</th><th>description</th><th>value</th><th>warns unless</th><th>fails unless</th><th>state</th><th>detail</th></tr>${rows.join('')}</table></div>`;
}

function hourCharts({ daily, byHourOfDay }: MonthMeasures): Figure[] {
  if (daily.length === 0) return [];
  return [
    barChart({
      title: 'Trips by day',
      labels: daily.map(({ date }) => date.slice(-2)),
      series: [{ label: 'trips', values: daily.map(({ trips }) => trips), style: 'a' }],
    }),
    barChart({
      title: 'Mean trips by hour of day',
      labels: byHourOfDay.map((_, hour) => String(hour)),
      series: [{ label: 'trips', values: byHourOfDay, style: 'a' }],
    }),
  ];
}

function columnsTable({ columns }: MonthMeasures): string {
  return textTable(
    [
      'column',
      'values',
      'missing',
      'distinct',
      'least',
      'median',
      'mean',
      'most',
      'deviation',
      'most frequent value',
    ],
    MEASURED_COLUMNS.map((name) => {
      const profile = columns[name];
      if (!profile) return [name, '0', '–', '–', '–', '–', '–', '–', '–', '–'];
      const { min, median, mean, max, std, mostCommonShare } = profile;
      return [
        name,
        count(profile.count),
        count(profile.missing),
        count(profile.distinct),
        ...[min, median, mean, max, std].map(shortNumber),
        percent(mostCommonShare),
      ];
    }),
  );
}

function correlationsTable({ correlations, columns }: MonthMeasures): string {
  const names = MEASURED_COLUMNS.filter((name) => columns[name]);
  if (names.length < 2) return '';
  const cell = (a: string, b: string) => {
    if (a === b) return '1';
    const r = correlations[`${a}~${b}`] ?? correlations[`${b}~${a}`] ?? null;
    return r === null ? '–' : r.toFixed(2);
  };
  return `<h2>Correlations of the hours</h2>${textTable(
    ['', ...names],
    names.map((a) => [a, ...names.map((b) => cell(a, b))]),
  )}`;
}

function archiveCharts(archives: ArchiveMeasures): Figure[] {
  const { rejected, duplicates, identicalLegacyRows, missingStartStation, missingEndStation } = archives;
  const rank = (title: string, counts: Readonly<Record<string, number>>) =>
    rankChart({
      title,
      rows: Object.entries(counts)
        .map(([label, value]) => ({ label: label || '(empty)', value }))
        .sort((a, b) => b.value - a.value),
      format: count,
    });
  return [
    rank('Rejected, duplicate or incomplete rows', {
      'end not after start': rejected.not_positive,
      'too long': rejected.too_long,
      'invalid start time': rejected.unparsable_start,
      'invalid end time': rejected.unparsable_end,
      'repeated ride_id': duplicates,
      'identical rows without an id (kept)': identicalLegacyRows,
      'no start station (kept)': missingStartStation,
      'no end station (kept)': missingEndStation,
    }),
    ...(archives.minutes
      ? [
          rankChart({
            title: 'Quantiles of the duration of kept rides, minutes',
            rows: archives.minutes.map((value, i) => ({ label: MINUTES_QUANTILES[i] ?? '', value })),
            style: 'd',
          }),
        ]
      : []),
    rank('Rows by member type', archives.memberTypes),
    rank('Rows by bike type', archives.bikeTypes),
  ];
}

/** Shows what looks wrong in the archives, whether or not the rule set rejects it. */
function irregularTable({ rows, missingStartStation, irregular }: ArchiveMeasures): string {
  if (!irregular) return '';
  const ofRows = (rule: string, value: number) => [rule, count(value), percent(value / Math.max(1, rows))];
  return `<h2>Irregular rows</h2>${textTable(
    ['rule', 'count', 'share of rows'],
    [
      ofRows('no start station', missingStartStation),
      ofRows('name of a station without its id', irregular.name_without_id),
      ['station id with several names', count(irregular.stations_with_two_names), '–'],
      ofRows('ride under 60 s', irregular.under_a_minute),
      ofRows('end before start', irregular.ends_before_start),
      ofRows('ride over 24 h', irregular.over_a_day),
    ],
  )}`;
}

function csvsTable({ csvs }: ArchiveMeasures): string {
  return textTable(
    ['file', 'rows', 'quoted', 'header'],
    csvs.map(({ name, rows, quoted, header }) => [
      name,
      count(rows),
      quoted ? 'yes' : 'no',
      header.replaceAll(',', ', '),
    ]),
  );
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export const QUALITY_STYLE = `
.verdict{display:inline-block;font-weight:600;padding:.2rem 1rem;border-left:.5rem solid var(--good)}
.verdict.warn{border-color:var(--warn)}.verdict.fail{border-color:var(--bad)}
td.state{font-weight:600}td.fail{color:var(--bad)}td.warn{color:var(--warn)}td.pass{color:var(--good)}
`;
