import { weatherFacts } from '../../../../contracts/weather-columns.ts';
import { FORECAST_COLUMNS, type ForecastColumn } from '../../../../contracts/weather-forecast.ts';
import type { ForecastHour, ForecastIssue } from '../api/bodies.ts';
import { number, percent } from '../format/numbers.ts';
import { dayName } from '../format/time.ts';
import { Table } from '../ui/table.tsx';

/** Names the heads of the columns, short enough for all of them to fit. */
const NAMES: Readonly<Record<ForecastColumn, string>> = {
  TMAX: 'High',
  TMIN: 'Low',
  PRCP: 'Rain',
  SNOW: 'Snow',
  AWND: 'Wind',
};

type Day = ForecastIssue['weather'][number];

interface ForecastDaysProps {
  readonly days: readonly Day[];
  /** Hours whose trips are added by day. */
  readonly hours: readonly ForecastHour[];
}

/** Lists days with their trips, their weather and where it comes from. */
export function ForecastDays({ days, hours }: ForecastDaysProps) {
  const hoursOf = Map.groupBy(hours, ({ date }) => date);
  return (
    <Table
      caption="Trips and weather by day"
      rows={days.filter(({ date }) => hoursOf.has(date))}
      rowKey={({ date }) => date}
      columns={[
        { head: 'Day', cell: ({ date }) => <span className="nowrap">{dayName(date)}</span> },
        { head: 'Trips', numeric: true, cell: ({ date }) => tripsOf(hoursOf.get(date) ?? []) },
        ...FORECAST_COLUMNS.map((column) => ({
          head: `${NAMES[column]}, ${weatherFacts(column).unit}`,
          numeric: true,
          cell: (day: Day) => number(day[column], 3),
        })),
        {
          head: 'Probability of rain',
          numeric: true,
          cell: ({ rainProbability }) => percent(rainProbability),
        },
        { head: 'Weather from', cell: sourceOf },
      ]}
    />
  );
}

/** A day has 23 hours at least. */
const WHOLE_DAY = 23;

function tripsOf(hours: readonly ForecastHour[]): string {
  const trips = number(Math.round(hours.reduce((sum, { prediction }) => sum + prediction, 0)));
  return hours.length < WHOLE_DAY ? `${trips} in ${hours.length} h` : trips;
}

function sourceOf({ source, fromEarlier }: Day): string {
  if (fromEarlier.length === 0) return source;
  const names = fromEarlier.map((column) => NAMES[column].toLowerCase()).join(', ');
  return `${source}; ${names} from an earlier one`;
}
