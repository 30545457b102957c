import { BarChart } from '../../charts/bar-chart.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { plural } from '../../format/numbers.ts';
import { dayName } from '../../format/time.ts';
import { Empty } from '../../ui/panel.tsx';
import type { QualityReport } from './quality-report.ts';

interface MonthTripsProps {
  readonly report: QualityReport | null;
  /** Rows of all hours; empty for a month that an earlier version ingested. */
  readonly hours: readonly Readonly<Record<string, unknown>>[];
}

/** Draws the trips of the whole month by day, by hour, and on the mean day. */
export function MonthTrips({ report, hours }: MonthTripsProps) {
  const { daily = [], byHourOfDay = [] } = report?.measures ?? {};
  if (daily.length === 0 && hours.length === 0)
    return <Empty>No trips yet. The next ingest of this month adds them.</Empty>;
  return (
    <>
      <div className="grid-2">
        {daily.length > 0 && (
          <BarChart
            title={`Trips by day, ${plural(daily.length, 'day')}`}
            xTitle="day of the month"
            labels={daily.map(({ date }) => String(Number(date.slice(8))))}
            series={[{ label: 'trips', values: daily.map(({ trips }) => trips), tone: 1 }]}
          />
        )}
        {byHourOfDay.length > 0 && (
          <BarChart
            title="Mean trips by hour of day"
            xTitle="hour"
            labels={byHourOfDay.map((_, hour) => String(hour))}
            series={[{ label: 'mean trips', values: byHourOfDay, tone: 2 }]}
          />
        )}
      </div>
      {hours.length > 0 && <Hours rows={hours} />}
    </>
  );
}

function Hours({ rows }: { readonly rows: MonthTripsProps['hours'] }) {
  const points = rows.map((row, x) => ({ x, y: typeof row['trips'] === 'number' ? row['trips'] : null }));
  const nameOf = (x: number) => {
    const row = rows[Math.round(x)];
    return row ? `${dayName(textOf(row['date']).slice(0, 10))} ${textOf(row['hour'])}h` : '';
  };
  const days = rows.flatMap((row, x) =>
    row['hour'] === 0 ? [{ x, label: textOf(row['date']).slice(8, 10) }] : [],
  );
  return (
    <LineChart
      title={`Trips by hour, ${plural(points.length, 'hour')}`}
      xTitle="hour"
      series={[{ label: 'trips', points, tone: 1 }]}
      xFormat={nameOf}
      tickChoices={[days, days.filter((_, i) => i % 2 === 0), days.filter((_, i) => i % 7 === 0)]}
      fromZero
    />
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
