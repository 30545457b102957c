/** Draws demand over the months, and lists the growth from year to year. */
import { daysBetween } from '../../../contracts/calendar.ts';
import { barChart } from '../bar-chart.ts';
import type { Figure } from '../figure.ts';
import { lineChart } from '../line-chart.ts';
import { textTable } from '../page.ts';
import { shortNumber } from '../short-number.ts';
import { byCalendar, calendarOf } from './by-calendar.ts';
import { mean, type DaySummary, type ExploreHours, type MonthSummary } from './explore-data.ts';

/** Styles of the years. The chart shows as many years as there are styles. */
const YEAR_STYLES = ['a', 'c', 'd', 'e', 'b'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function yearsChart(months: readonly MonthSummary[]): Figure[] {
  const byMonth = new Map(months.map((each) => [each.month, each.trips / each.days]));
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].sort().reverse();
  if (years.length < 2) return [];
  return [
    lineChart({
      title: 'Trips per day, year over year',
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
      title: 'Trips per day, by month',
      labels: calendarOf(months),
      series: [
        { label: 'per day', values: byCalendar(months, ({ trips, days: n }) => trips / n), style: 'a' },
      ],
    }),
    lineChart({
      title: 'Trips per day, centred seven-day mean',
      labels: dates,
      series: [{ label: 'trips', values: sevenDayMeans(days, dates), style: 'a' }],
    }),
  ];
}

/** Returns centred means. They are null at the ends and near gaps, where seven days in a row are missing. */
function sevenDayMeans(days: readonly DaySummary[], dates: readonly string[]): (number | null)[] {
  const trips = new Map(days.map((day) => [day.date, day.trips]));
  return dates.map((_, i) => {
    const around = dates.slice(Math.max(0, i - 3), i + 4).map((date) => trips.get(date));
    const present = around.filter((each) => each !== undefined);
    return present.length === 7 ? mean(present) : null;
  });
}

/** Compares months with the same month a year before, by trips per day, so that a leap day does not count as growth. */
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
    return '<p class="note">Growth needs a month and the same month a year before. Give a source with at least 13 months.</p>';
  return `<h2>Growth</h2>${textTable(['month', 'trips per day a year before', 'trips per day', 'growth'], rows)}`;
}
