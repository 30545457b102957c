/** Reads kept weather forecasts of past days, for backtests. */
import { FORECAST_COLUMNS, type ForecastDay } from '../../contracts/weather-forecast.ts';
import type { Queryable } from './database.ts';

const COLUMNS = FORECAST_COLUMNS.map((column) => `${column.toLowerCase()} AS "${column}"`).join(', ');

/**
 * Lists what was forecast of each day of a span, at each lead day by the last issue of the day of issue. Both ends are inclusive.
 * @param lastLead last lead day; the first is 1.
 */
export async function archivedForecasts(
  db: Queryable,
  system: string,
  { from, to }: { readonly from: string; readonly to: string },
  lastLead: number,
): Promise<(ForecastDay & { readonly leadDay: number })[]> {
  return db.query<ForecastDay & { readonly leadDay: number }>(
    `SELECT DISTINCT ON (day, issue_day) day - issue_day AS "leadDay", day AS date, ${COLUMNS}, rain_probability AS "rainProbability"
     FROM weather_forecasts
     WHERE system = $1 AND day BETWEEN $2 AND $3 AND day - issue_day BETWEEN 1 AND $4
     ORDER BY day, issue_day, issued_at DESC, provider`,
    [system, from, to, lastLead],
  );
}
