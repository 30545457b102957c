/** Renders the comparison of residuals, which decides: weeks compared with the demand that season and weather explain. */
import { lineChart } from '../../report/line-chart.ts';
import { charts, textTable } from '../../report/page.ts';
import { percent } from '../../report/short-number.ts';
import type { ResidualComparison, ResidualWeek } from '../residuals/compare-residuals.ts';

export function residualSection({ reference, weeks, cusum }: ResidualComparison): string {
  const about = `<p>The model removes season and weather from the trips. Each week is compared with the ${reference.weeks} weeks of reference that the model predicted out of fold.</p>`;
  return `<h2>Residuals by week</h2>${about}${carriedOver(cusum)}${figures(weeks, cusum)}${table(weeks)}`;
}

function carriedOver({ before: { weeks, up, down } }: ResidualComparison['cusum']): string {
  if (weeks === 0) return '';
  return `<p>The cumulative sum continues from ${weeks} weeks of earlier checks, at ${up.toFixed(1)} up and ${down.toFixed(1)} down.</p>`;
}

function figures(weeks: ResidualComparison['weeks'], cusum: ResidualComparison['cusum']): string {
  const labels = weeks.map(({ week }) => week.slice(-3));
  const thresholds = weeks.map(({ threshold }) => threshold);
  return charts([
    lineChart({
      title: 'Difference of demand from the prediction',
      labels,
      series: [
        { label: 'week', values: weeks.map(({ level }) => level), style: 'a' },
        { label: 'alarm above', values: thresholds, style: 'c' },
        { label: 'alarm below', values: thresholds.map((value) => value && -value), style: 'c' },
      ],
      format: percent,
    }),
    lineChart({
      title: 'Cumulative sum of weeks',
      labels: cusum.steps.map(({ week }) => week.slice(-3)),
      series: [
        { label: 'up', values: cusum.steps.map(({ up }) => up), style: 'a' },
        { label: 'down', values: cusum.steps.map(({ down }) => down), style: 'b' },
      ],
    }),
    lineChart({
      title: 'Trips within their 90 % interval',
      labels,
      series: [{ label: 'share', values: weeks.map(({ coverage }) => coverage), style: 'a' }],
      threshold: 0.9,
      thresholdLabel: 'expected 90 %',
      format: percent,
    }),
  ]);
}

function table(weeks: readonly ResidualWeek[]): string {
  const share = (value: number | null) => (value === null ? '' : percent(value));
  return textTable(
    ['week', 'hours', 'difference', 'alarm from', 'a year before', 'in interval', 'findings'],
    weeks.map((week) => [
      week.week,
      String(week.hours),
      share(week.level),
      share(week.threshold),
      share(week.yearBefore),
      share(week.coverage),
      week.findings.map(({ kind, column, text }) => `${kind}: ${column ?? 'demand'} ${text}`).join('; '),
    ]),
  );
}
