/** Reports the quality of a data set: its months, gaps between them, and days whose weather was filled. */
import { barChart } from '../report/bar-chart.ts';
import { charts, factsTable, htmlPage, textTable } from '../report/page.ts';
import { percent, shortNumber } from '../report/short-number.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import { addDays, daysBetween, daysOf, monthsOf } from '../../contracts/calendar.ts';
import { WEATHER_COLUMNS } from '../../contracts/weather-columns.ts';
import { MOST_DAYS_CARRIED } from '../ingest/weather-fill.ts';
import { rejectedOf } from './check.ts';
import { worstOf, type MonthQualityReport, type QualityState } from './month-report.ts';
import { QUALITY_STYLE } from './month-report-page.ts';
import type { SystemId } from '../../contracts/systems.ts';
import { ruleSetOf, type StoredRuleSet } from '../../contracts/stored-names.ts';

export interface DatasetWeather {
  /** Days without an observation that were filled from the day before. */
  readonly filledDays: readonly string[];
  /** Days that could not be filled. */
  readonly missingDays: readonly string[];
}

export interface DatasetQualityReport {
  readonly schemaVersion: 1;
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  readonly synthetic: boolean;
  readonly verdict: QualityState;
  readonly months: readonly {
    readonly month: string;
    readonly verdict: QualityState;
    readonly provisional: boolean;
    readonly trips: number | null;
    readonly missingHours: number | null;
    readonly rows: number | null;
    readonly rejectedShare: number | null;
    readonly duplicates: number | null;
    readonly meanMinutes: number | null;
    /** Checks with a warning or failure. */
    readonly flagged: readonly string[];
  }[];
  /** Months between the first and the last that the data set does not contain, or that have no report. */
  readonly gaps: readonly string[];
  /** Null if the weather was not checked. */
  readonly weather: DatasetWeather | null;
}

/** Lists days without an observation. Up to three days in a row are filled; longer runs are missing. */
export function datasetWeather(observed: readonly WeatherDay[], months: readonly string[]): DatasetWeather {
  const seen = new Set(
    observed.filter((day) => WEATHER_COLUMNS.some((column) => day[column] !== null)).map(({ date }) => date),
  );
  const [filledDays, missingDays]: [string[], string[]] = [[], []];
  for (const date of months.toSorted().flatMap((month) => allDaysOf(month))) {
    if (seen.has(date)) continue;
    const lastDays = Array.from({ length: MOST_DAYS_CARRIED }, (_, i) => addDays(date, -(i + 1)));
    (lastDays.some((day) => seen.has(day)) ? filledDays : missingDays).push(date);
  }
  return { filledDays, missingDays };
}

function allDaysOf(month: string): string[] {
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  return daysBetween(firstDay, lastDay);
}

/** @param reports at least one report, all of one system and rule set, in any order. */
export function buildDatasetReport(
  reports: readonly MonthQualityReport[],
  weather: DatasetWeather | null,
): DatasetQualityReport {
  const sorted = reports.toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const present = new Set(sorted.map(({ month }) => month));
  const gaps = monthsOf({ from: first.month, to: last.month }).filter((month) => !present.has(month));
  const months = sorted.map(({ month, verdict, provisional, checks, measures }) => {
    const { archives, hours, trips, meanMinutes } = measures;
    return {
      month,
      verdict,
      provisional,
      trips,
      missingHours: hours?.missing ?? null,
      rows: archives?.rows ?? null,
      rejectedShare: archives && archives.rows > 0 ? rejectedOf(archives) / archives.rows : null,
      duplicates: archives?.duplicates ?? null,
      meanMinutes,
      flagged: checks
        .filter(({ state }) => state === 'warn' || state === 'fail')
        .map(({ check, state }) => `${check}: ${state}`),
    };
  });
  const ofMonths = worstOf(months.map(({ verdict }) => ({ state: verdict })));
  const incomplete =
    gaps.length > 0 || (weather && weather.filledDays.length + weather.missingDays.length > 0);
  return {
    schemaVersion: 1,
    system: first.system,
    rules: first.rules,
    synthetic: sorted.some(({ synthetic }) => synthetic),
    verdict: ofMonths === 'pass' && incomplete ? 'warn' : ofMonths,
    months,
    gaps,
    weather,
  };
}

export function datasetReportPage(report: DatasetQualityReport): string {
  const { system, rules, synthetic, verdict, months, gaps, weather } = report;
  const [first, last] = [months[0]!.month, months.at(-1)!.month];
  const labels = monthsOf({ from: first, to: last });
  // A missing month leaves a gap in the chart.
  const byMonth = new Map(months.map((each) => [each.month, each]));
  const dash = (value: number | null, format: (value: number) => string) =>
    value === null ? '–' : format(value);
  return htmlPage({
    title: `Data quality of ${system}, ${first} to ${last}${synthetic ? ' (synthetic data)' : ''}`,
    sections: [
      `<p class="verdict ${verdict}">${verdict}</p>`,
      factsTable([
        ['Rule set', ruleSetOf(rules)],
        ['Months', String(months.length)],
        ['Missing months', gaps.join(', ') || 'none'],
        ['Weather carried forward', weather ? weather.filledDays.join(', ') || 'on no day' : 'not checked'],
        ['Missing weather', weather ? weather.missingDays.join(', ') || 'on no day' : 'not checked'],
      ]),
      charts([
        barChart({
          title: 'Trips by month',
          labels,
          series: [
            { label: 'trips', values: labels.map((month) => byMonth.get(month)?.trips ?? null), style: 'a' },
          ],
        }),
        barChart({
          title: 'Share of rows rejected',
          labels,
          series: [
            {
              label: 'rejected',
              values: labels.map((month) => byMonth.get(month)?.rejectedShare ?? null),
              style: 'c',
            },
          ],
          format: percent,
        }),
      ]),
      '<h2>Months</h2>',
      textTable(
        [
          'month',
          'verdict',
          'trips',
          'rows read',
          'rejected',
          'duplicates',
          'missing hours',
          'mean minutes',
          'provisional',
          'flagged',
        ],
        months.map((each) => [
          each.month,
          each.verdict,
          dash(each.trips, shortNumber),
          dash(each.rows, shortNumber),
          dash(each.rejectedShare, percent),
          dash(each.duplicates, shortNumber),
          dash(each.missingHours, String),
          dash(each.meanMinutes, shortNumber),
          each.provisional ? 'yes' : 'no',
          each.flagged.join(', ') || '–',
        ]),
      ),
    ],
    style: QUALITY_STYLE,
  });
}
