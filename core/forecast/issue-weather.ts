/** Prepares the weather of an issue, and describes it day by day. */
import { addDays } from '../../contracts/calendar.ts';
import type { ForecastWeatherDay } from '../../contracts/demand-forecast.ts';
import type { WeatherDay } from '../../contracts/frame.ts';
import { byColumn } from '../../contracts/weather-columns.ts';
import { FORECAST_COLUMNS, type ForecastDays } from '../../contracts/weather-forecast.ts';
import { median } from '../drift/residuals/robust.ts';
import { withEarlierIssues, type CompletedForecast } from './earlier-issues.ts';
import { WET_DAY } from './forecast-errors.ts';
import type { DayScenarios } from './weather-scenarios.ts';

/** Sets the days for which snow on the ground is taken to stay as it was last seen. */
const SNOW_DAYS = 7;

export interface IssueWeather extends CompletedForecast {
  /** Rain of the day before the first hour, and snow on the ground. Null if nothing says it. */
  readonly before: Pick<WeatherDay, 'PRCP' | 'SNWD'>;
  /** Day before the first hour, if its rain comes from a forecast because the station has not published it. */
  readonly unpublished: string | null;
}

/**
 * Completes a forecast by earlier issues, and finds what the first day needs of the day before: the observation, or the last forecast
 * of it.
 * @param earlier issues of the same place.
 * @param observed days of the station.
 * @param firstDay day of the first hour, `YYYY-MM-DD`.
 */
export function issueWeather(
  forecast: ForecastDays,
  earlier: readonly ForecastDays[],
  observed: readonly WeatherDay[],
  firstDay: string,
): IssueWeather {
  const completed = withEarlierIssues(forecast, earlier);
  const dayBefore = addDays(firstDay, -1);
  const seen = observed.find(({ date }) => date === dayBefore)?.PRCP ?? null;
  const told = completed.forecast.days.find(({ date }) => date === dayBefore)?.PRCP ?? null;
  return {
    ...completed,
    before: { PRCP: seen ?? told, SNWD: snowOnTheGround(observed, firstDay) },
    unpublished: seen === null && told !== null ? dayBefore : null,
  };
}

function snowOnTheGround(observed: readonly WeatherDay[], firstDay: string): number | null {
  const oldest = addDays(firstDay, -SNOW_DAYS);
  const seen = observed
    .filter(({ date, SNWD }) => date >= oldest && date < firstDay && typeof SNWD === 'number')
    .toSorted((a, b) => (a.date < b.date ? 1 : -1));
  return seen[0]?.SNWD ?? null;
}

/**
 * Describes the weather of an issue by day: what was forecast, or the medians of the scenarios where climatology stands for it. The day
 * before comes first if its rain is a forecast.
 */
export function weatherRows(
  { forecast, fromEarlier, unpublished }: IssueWeather,
  days: readonly DayScenarios[],
): ForecastWeatherDay[] {
  const told = new Map(forecast.days.map((day) => [day.date, day]));
  const filled = new Map(fromEarlier.map(({ date, columns }) => [date, columns]));
  const forecastRow = (date: string): ForecastWeatherDay => ({
    ...told.get(date)!,
    source: 'forecast',
    fromEarlier: filled.get(date) ?? [],
  });
  return [
    ...(unpublished === null ? [] : [forecastRow(unpublished)]),
    ...days.map((day) => (day.source === 'forecast' ? forecastRow(day.date) : climatologyRow(day))),
  ];
}

function climatologyRow({ date, scenarios }: DayScenarios): ForecastWeatherDay {
  const valuesOf = (column: (typeof FORECAST_COLUMNS)[number]) =>
    scenarios.flatMap((weather) => weather[column] ?? []);
  const rain = valuesOf('PRCP');
  return {
    date,
    source: 'climatology',
    ...byColumn(FORECAST_COLUMNS, (column) => {
      const values = valuesOf(column);
      return values.length === 0 ? null : median(values);
    }),
    rainProbability:
      rain.length === 0 ? null : rain.filter((inches) => inches >= WET_DAY).length / rain.length,
    fromEarlier: [],
  };
}
