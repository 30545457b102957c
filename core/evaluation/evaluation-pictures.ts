/** Draws the pictures of an evaluation: errors, residuals, example weeks, importance and learning curves. */
import type { FrameRow } from '../../contracts/frame.ts';
import { dateOfEpochDay, epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import { barChart } from '../report/bar-chart.ts';
import { densityChart } from '../report/density-chart.ts';
import type { Figure, SeriesStyle } from '../report/figure.ts';
import { lineChart } from '../report/line-chart.ts';
import { rankChart } from '../report/rank-chart.ts';
import { shortNumber } from '../report/short-number.ts';
import type { EvaluationReport } from './evaluation.ts';
import { WEEKDAYS, type MetricsBy } from './evaluation-groups.ts';
import type { Scored } from './regression-metrics.ts';

export interface EvaluationInPictures {
  readonly report: EvaluationReport;
  readonly rows: readonly FrameRow[];
  /** One element per row, in order. */
  readonly scored: readonly Scored[];
  /** Maps the name of a series to its value in each epoch. Empty if the version has no history. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** Maps the name of a picture file, without its ending, to its figure. */
export type Pictures = Readonly<Record<string, Figure>>;

const WEEK_HOURS = 168;

/** Sets the minimum number of hours of a week to be chosen as an example. */
const LEAST_WEEK_HOURS = 120;

export function evaluationPictures({ report, rows, scored, history }: EvaluationInPictures): Pictures {
  return {
    'actual-against-predicted': densityChart({
      title: `Actual and predicted trips per hour, ${scored.length.toLocaleString('en-US')} hours`,
      xTitle: 'predicted trips per hour',
      yTitle: 'actual trips per hour',
      points: scored.map(({ actual, prediction }) => ({ x: prediction, y: actual })),
    }),
    ...weekPictures(rows, scored),
    'residuals-by-hour': residualsBy(
      'Error (predicted − actual, trips per hour) by hour of day',
      Array.from({ length: 24 }, (_, hour) => String(hour)),
      groupErrors(rows, scored, ({ hour }) => String(hour)),
    ),
    ...residualsOverTime(rows, scored),
    importance: rankChart({
      title: 'Importance: RMSE increase (trips per hour) when the input is exchanged between hours',
      rows: report.importance.map(({ name, rmseIncrease }) => ({
        label: name,
        value: Math.max(0, rmseIncrease),
      })),
    }),
    'error-by-hour': errorsBy('by hour of day', report.byHour),
    'error-by-weekday': errorsBy('by weekday', report.byWeekday, (name) => name.slice(0, 3)),
    'error-by-month': errorsBy('by month', report.byMonth),
    ...learningCurves(history),
  };
}

function errorsBy(by: string, groups: MetricsBy, short = (name: string) => name): Figure {
  const metrics = Object.values(groups);
  return barChart({
    title: `Error (trips per hour) ${by}`,
    labels: Object.keys(groups).map(short),
    series: [
      { label: 'RMSE', values: metrics.map(({ rmse }) => rmse), style: 'a' },
      { label: 'MAE', values: metrics.map(({ mae }) => mae), style: 'b' },
    ],
  });
}

/** Returns the errors of each group in ascending order. */
function groupErrors(
  rows: readonly FrameRow[],
  scored: readonly Scored[],
  keyOf: (row: FrameRow) => string,
): Map<string, number[]> {
  const errors = new Map<string, number[]>();
  scored.forEach(({ actual, prediction }, i) => {
    const key = keyOf(rows[i]!);
    errors.set(key, [...(errors.get(key) ?? []), prediction - actual]);
  });
  for (const values of errors.values()) values.sort((a, b) => a - b);
  return errors;
}

/** Returns a quantile of ascending values by linear interpolation. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function residualsBy(
  title: string,
  labels: readonly string[],
  errors: ReadonlyMap<string, readonly number[]>,
): Figure {
  const each = (of: (sorted: readonly number[]) => number) =>
    labels.map((label) => {
      const sorted = errors.get(label);
      return sorted ? of(sorted) : null;
    });
  return lineChart({
    title,
    labels,
    series: [
      { label: 'mean', values: each(meanOf), style: 'a' },
      { label: 'median', values: each((sorted) => quantile(sorted, 0.5)), style: 'c' },
    ],
    band: {
      label: '90 % of the hours',
      lower: each((sorted) => quantile(sorted, 0.05)),
      upper: each((sorted) => quantile(sorted, 0.95)),
      style: 'a',
    },
    threshold: 0,
  });
}

/** Draws residuals by day, or by week if the days do not fit. */
function residualsOverTime(rows: readonly FrameRow[], scored: readonly Scored[]): Pictures {
  const days = [...new Set(rows.map(({ date }) => date))];
  const weekly = days.length > 200;
  const keyOf = ({ date }: FrameRow) => (weekly ? mondayOf(date) : date);
  const labels = [...new Set(rows.map(keyOf))];
  const title = `Error (predicted − actual, trips per hour) over time, by ${weekly ? 'week' : 'day'}`;
  return { 'residuals-over-time': residualsBy(title, labels, groupErrors(rows, scored, keyOf)) };
}

function mondayOf(date: string): string {
  const day = epochDayOf(date);
  return dateOfEpochDay(day - weekdayOf(day));
}

interface Week {
  readonly monday: string;
  readonly rmse: number;
  /** Indices of the rows of the week. */
  readonly indices: readonly number[];
}

/** Draws the weeks with the largest, the median and the smallest RMSE. */
function weekPictures(rows: readonly FrameRow[], scored: readonly Scored[]): Pictures {
  const groups = Map.groupBy(rows.keys(), (i) => mondayOf(rows[i]!.date));
  const weeks = [...groups].map(([monday, indices]): Week => {
    const squares = indices.map((i) => (scored[i]!.prediction - scored[i]!.actual) ** 2);
    return { monday, indices, rmse: Math.sqrt(meanOf(squares)) };
  });
  const whole = weeks.filter(({ indices }) => indices.length >= LEAST_WEEK_HOURS);
  const ranked = (whole.length > 0 ? whole : weeks).sort((a, b) => b.rmse - a.rmse);
  const chosen = { worst: ranked[0], median: ranked[ranked.length >> 1], best: ranked.at(-1) };
  return Object.fromEntries(
    Object.entries(chosen).flatMap(([name, week]) =>
      week ? [[`week-${name}`, weekPicture(name, week, rows, scored)]] : [],
    ),
  );
}

function weekPicture(
  name: string,
  { monday, rmse, indices }: Week,
  rows: readonly FrameRow[],
  scored: readonly Scored[],
): Figure {
  const first = epochDayOf(monday);
  // Skipped hours, as on the day of the spring change, leave a gap.
  const places = new Array<Scored | undefined>(WEEK_HOURS).fill(undefined);
  for (const i of indices) places[24 * (epochDayOf(rows[i]!.date) - first) + rows[i]!.hour] = scored[i]!;
  const values = (of: (each: Scored) => number | null | undefined) =>
    places.map((each) => (each ? (of(each) ?? null) : null));
  const [lower, upper] = [values((each) => each.lower), values((each) => each.upper)];
  const hasInterval = lower.some((bound) => bound !== null);
  return lineChart({
    title: `The ${name} week, from Monday ${monday}: RMSE ${shortNumber(rmse)}, trips per hour`,
    labels: places.map((_, i) => {
      const day = Math.floor(i / 24);
      return `${WEEKDAYS[day]!.slice(0, 3)} ${dateOfEpochDay(first + day).slice(8)}`;
    }),
    labelEvery: 24,
    series: [
      { label: 'actual', values: values((each) => each.actual), style: 'c' },
      { label: 'predicted', values: values((each) => each.prediction), style: 'a' },
    ],
    ...(hasInterval ? { band: { label: '90 % interval', lower, upper, style: 'a' as const } } : {}),
  });
}

const STYLES: readonly SeriesStyle[] = ['a', 'c', 'd', 'e', 'b'];

/** Draws losses in one chart and learning rates, which have another scale, in a second. */
function learningCurves(history: EvaluationInPictures['history']): Pictures {
  const names = Object.keys(history);
  const isRate = (name: string) => /rate/i.test(name);
  const chart = (title: string, chosen: readonly string[]): Figure =>
    lineChart({
      title,
      labels: (history[chosen[0]!] ?? []).map((_, epoch) => String(epoch + 1)),
      series: chosen.map((name, i) => ({
        label: name,
        values: [...history[name]!],
        style: STYLES[i % STYLES.length]!,
      })),
    });
  const [losses, rates] = [names.filter((name) => !isRate(name)), names.filter(isRate)];
  return {
    ...(losses.length > 0 ? { 'learning-curves': chart('Learning curves by epoch', losses) } : {}),
    ...(rates.length > 0 ? { 'learning-rate': chart('Learning rate by epoch', rates) } : {}),
  };
}
