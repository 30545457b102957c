/**
 * Completes a forecast from earlier issues. Late in a day, a service no longer gives the day's maximum or rain, and never those of
 * yesterday, which its station has not published yet either.
 */
import { addDays } from '../../contracts/calendar.ts';
import {
  FORECAST_COLUMNS,
  type ForecastColumn,
  type ForecastDay,
  type ForecastDays,
} from '../../contracts/weather-forecast.ts';

type Column = ForecastColumn | 'rainProbability';

export interface CompletedForecast {
  readonly forecast: ForecastDays;
  /** Days from earlier issues, with the columns that came from there. */
  readonly fromEarlier: readonly { readonly date: string; readonly columns: readonly ForecastColumn[] }[];
}

/** Fills yesterday and today. @param earlier issues of the same place in any order; the latest one that has a value counts. */
export function withEarlierIssues(
  forecast: ForecastDays,
  earlier: readonly ForecastDays[],
): CompletedForecast {
  const issues = [
    forecast,
    ...earlier
      .filter(({ issuedAt }) => issuedAt < forecast.issuedAt)
      .toSorted((a, b) => (a.issuedAt < b.issuedAt ? 1 : -1)),
  ];
  const dates = [addDays(forecast.issueDay, -1), forecast.issueDay];
  const completed = dates.flatMap((date) => {
    const told = issues.flatMap(({ days }) => days.filter((day) => day.date === date));
    return told.length === 0 ? [] : [latestOf(date, told)];
  });
  const own = new Map(forecast.days.map((day) => [day.date, day]));
  return {
    forecast: {
      ...forecast,
      days: [...completed, ...forecast.days.filter(({ date }) => !dates.includes(date))],
    },
    fromEarlier: completed.flatMap((day) => {
      const columns = FORECAST_COLUMNS.filter(
        (column) => day[column] !== null && (own.get(day.date)?.[column] ?? null) === null,
      );
      return columns.length === 0 ? [] : [{ date: day.date, columns }];
    }),
  };
}

/**
 * A maximum and a minimum from two issues may contradict each other. The value of the later issue then counts for both.
 * @param told forecasts of one day, the latest first.
 */
function latestOf(date: string, told: readonly ForecastDay[]): ForecastDay {
  const indexOf = (column: Column) => told.findIndex((day) => day[column] !== null);
  const latest = (column: Column) => told[indexOf(column)]?.[column] ?? null;
  const [high, low] = [latest('TMAX'), latest('TMIN')];
  const later = Math.sign(indexOf('TMIN') - indexOf('TMAX'));
  const isReversed = high !== null && low !== null && low > high;
  return {
    date,
    TMAX: isReversed && later < 0 ? low : high,
    TMIN: isReversed && later > 0 ? high : low,
    PRCP: latest('PRCP'),
    SNOW: latest('SNOW'),
    AWND: latest('AWND'),
    rainProbability: latest('rainProbability'),
  };
}
