import type { ForecastBody, ForecastHour, ForecastIssue } from '../api/bodies.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { nightSpans } from '../format/night-spans.ts';
import { number, percent } from '../format/numbers.ts';
import { dayName, timeIn } from '../format/time.ts';

export type IntervalShare = keyof ForecastHour['intervals'];

interface ForecastChartProps {
  readonly title: string;
  readonly timeZone: string;
  /** Hours in order; `earlier` has a prediction for each. */
  readonly hours: ForecastIssue['hours'];
  readonly interval?: IntervalShare;
  readonly earlier?: ForecastBody['earlier'];
}

/** Draws a forecast by hour with an interval, the nights, earlier forecasts, and actual trips once they are published. */
export function ForecastChart({ title, timeZone, hours, interval = 0.9, earlier = [] }: ForecastChartProps) {
  const points = hours.map((hour) => ({ ...hour, x: Date.parse(hour.at) }));
  const names = new Map(
    points.map(({ x, date, hour }) => [x, `${dayName(date)}, ${String(hour).padStart(2, '0')}:00`]),
  );
  const isKnown = points.some(({ trips }) => trips !== null);
  return (
    <LineChart
      title={title}
      xTitle="hour"
      height={260}
      fromZero
      xFormat={(x) => names.get(x) ?? ''}
      yFormat={(y) => number(y)}
      tickChoices={[6, 12, 24, 48].map((step) => ticksEvery(step, points))}
      series={[
        { label: 'forecast', tone: 1, points: points.map(({ x, prediction }) => ({ x, y: prediction })) },
        ...(isKnown
          ? [{ label: 'actual trips', tone: 2, points: points.map(({ x, trips }) => ({ x, y: trips })) }]
          : []),
      ]}
      band={{
        label: `${percent(interval)} interval`,
        tone: 1,
        points: points.map(({ x, intervals }) => ({
          x,
          low: intervals[interval].lower,
          high: intervals[interval].upper,
        })),
      }}
      backdrop={{
        label: 'earlier forecasts',
        tone: 6,
        lines: earlier.map(({ issuedAt, predictions }) => ({
          label: `issued ${timeIn(timeZone, issuedAt)}`,
          points: points.map(({ x }, i) => ({ x, y: predictions[i] ?? null })),
        })),
      }}
      shade={{ label: 'night', spans: nightSpans(hours) }}
    />
  );
}

/** Returns ticks every `step` hours from the first midnight on: names of days at midnight, otherwise the hour. */
function ticksEvery(step: number, points: readonly (ForecastHour & { readonly x: number })[]) {
  const days = [...new Set(points.map(({ date }) => date))];
  return points
    .filter(({ date, hour }) => (24 * days.indexOf(date) + hour) % step === 0)
    .map(({ x, date, hour }) => ({ x, label: hour === 0 ? dayName(date).slice(0, 6).trim() : `${hour}h` }));
}
