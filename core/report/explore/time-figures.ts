/** Demand over the months, and the growth from year to year. */
import { daysBetween } from '../../../contracts/calendar.ts';
import { barChart } from '../bar-chart.ts';
import type { Figure } from '../figure.ts';
import { lineChart } from '../line-chart.ts';
import { textTable } from '../page.ts';
import { shortNumber } from '../short-number.ts';
import { byCalendar, calendarOf } from './calendar.ts';
import { mean, type DaySummary, type ExploreHours, type MonthSummary } from './explore-data.ts';

/** As many years as there are colours. */
const YEAR_STYLES = ['a', 'c', 'd', 'e', 'b'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function yearsChart(months: readonly MonthSummary[]): Figure[] {
  const byMonth = new Map(months.map((each) => [each.month, each.trips / each.days]));
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].sort().reverse();
  if (years.length < 2) return [];
  return [
    lineChart({
      title: 'Trips a day, year over year',
      labels: MONTHS,
      series: years.slice(0, YEAR_STYLES.length).map((year, i) => ({
        label: year,
        values: MONTHS.map((_, m) => byMonth.get(`${year}-${String(m + 1).padStart(2, '0')}`) ?? null),
        style: YEAR_STYLES[i]!,
      })),
    }),
  ];
}

export function overTime({ days, months, from, to }: ExploreHours): Figure[] {
  const dates = daysBetween(from, to);
  return [
    ...yearsChart(months),
    barChart({
      title: 'Trips a day, by month',
      labels: calendarOf(months),
      series: [{ label: 'a day', values: byCalendar(months, ({ trips, days: n }) => trips / n), style: 'a' }],
    }),
    lineChart({
      title: 'Trips a day, mean of the seven days around',
      labels: dates,
      series: [{ label: 'trips', values: sevenDayMeans(days, dates), style: 'a' }],
    }),
  ];
}

/** Null at the ends and around gaps, where there are no seven days in a row. */
function sevenDayMeans(days: readonly DaySummary[], dates: readonly string[]): (number | null)[] {
  const trips = new Map(days.map((day) => [day.date, day.trips]));
  return dates.map((_, i) => {
    const around = dates.slice(Math.max(0, i - 3), i + 4).map((date) => trips.get(date));
    const present = around.filter((each) => each !== undefined);
    return present.length === 7 ? mean(present) : null;
  });
}

/** Months that have the same month a year before, by trips a day, so that a leap day does not count as growth. */
export function growthTable(months: readonly MonthSummary[]): string {
  const byMonth = new Map(months.map((each) => [each.month, each]));
  const rows = months.flatMap(({ month, trips, days }) => {
    const before = byMonth.get(`${Number(month.slice(0, 4)) - 1}${month.slice(4)}`);
    if (!before) return [];
    const [now, then] = [trips / days, before.trips / before.days];
    const growth = 100 * (now / then - 1);
    return [
      [
        month,
        shortNumber(then),
        shortNumber(now),
        `${growth >= 0 ? '+' : '−'}${Math.abs(growth).toFixed(1)} %`,
      ],
    ];
  });
  if (rows.length === 0)
    return '<p class="note">Growth needs a month and the same month a year before: none is here.</p>';
  return `<h2>Growth</h2>${textTable(['month', 'trips a day a year before', 'trips a day', 'growth'], rows)}`;
}
