/** Stores every weather forecast by day. Errors of the weather are learned from it, and later issues are completed from it. */
import {
  FORECAST_COLUMNS,
  type ForecastColumn,
  type ForecastDay,
  type ForecastDays,
  type WeatherIssue,
} from '../../contracts/weather-forecast.ts';
import type { Queryable } from './database.ts';

/** Lists the names of the columns of a day, in the order of `DAY_VALUES`. */
const DAY_COLUMNS = [...FORECAST_COLUMNS.map((column) => column.toLowerCase()), 'rain_probability'];
const DAY_VALUES = [...FORECAST_COLUMNS, 'rainProbability'] as const satisfies readonly (keyof ForecastDay)[];
const SELECTED_VALUES = DAY_COLUMNS.map((column, i) => `${column} AS "${DAY_VALUES[i]}"`).join(', ');

/**
 * Writes the days of a forecast, unless they are stored already: a provider does not change an issue.
 * @param answer address of the answer as it came, and its time.
 */
export async function writeWeatherForecast(
  db: Queryable,
  system: string,
  { provider, issuedAt, issueDay, days }: ForecastDays,
  answer: { readonly uri: string; readonly fetchedAt: string },
): Promise<void> {
  const values = DAY_VALUES.map((name) => days.map((day) => day[name]));
  const arrays = DAY_VALUES.map((_, i) => `$${i + 8}::double precision[]`).join(', ');
  await db.query(
    `INSERT INTO weather_forecasts (system, provider, issued_at, issue_day, answer_uri, fetched_at, day, ${DAY_COLUMNS.join(', ')})
     SELECT $1, $2, $3, $4, $5, $6, * FROM unnest($7::date[], ${arrays})
     ON CONFLICT DO NOTHING`,
    [
      system,
      provider,
      issuedAt,
      issueDay,
      answer.uri,
      answer.fetchedAt,
      days.map(({ date }) => date),
      ...values,
    ],
  );
}

interface DayRow extends ForecastDay {
  readonly provider: ForecastDays['provider'];
  readonly issuedAt: Date;
  readonly issueDay: string;
}

/** Reads the forecasts that were issued between two times, both inclusive, in the order of their issue. */
export async function readWeatherForecasts(
  db: Queryable,
  system: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ForecastDays[]> {
  const rows = await db.query<DayRow>(
    `SELECT provider, issued_at AS "issuedAt", issue_day AS "issueDay", day AS date, ${SELECTED_VALUES}
     FROM weather_forecasts WHERE system = $1 AND issued_at BETWEEN $2 AND $3 ORDER BY issued_at, provider, day`,
    [system, from, to],
  );
  const issues = Map.groupBy(rows, ({ provider, issuedAt }) => `${provider} ${issuedAt.toISOString()}`);
  return [...issues.values()].map((days) => ({
    provider: days[0]!.provider,
    issuedAt: days[0]!.issuedAt.toISOString(),
    issueDay: days[0]!.issueDay,
    days: days.map(({ provider: _provider, issuedAt: _at, issueDay: _day, ...day }) => day),
  }));
}

/** Returns the newest forecast that was issued since a time; undefined without one. */
export async function newestWeatherIssue(
  db: Queryable,
  system: string,
  since: Date,
): Promise<WeatherIssue | undefined> {
  const [issue] = await db.query<Pick<DayRow, 'provider' | 'issuedAt' | 'issueDay'>>(
    `SELECT provider, issued_at AS "issuedAt", issue_day AS "issueDay" FROM weather_forecasts
     WHERE system = $1 AND issued_at >= $2 ORDER BY issued_at DESC, provider LIMIT 1`,
    [system, since],
  );
  return issue && { ...issue, issuedAt: issue.issuedAt.toISOString() };
}

export interface ToldDay {
  readonly leadDay: number;
  readonly date: string;
  readonly forecast: Readonly<Record<ForecastColumn | 'rainProbability', number | null>>;
}

/**
 * Lists what a provider forecast of each day since `firstDay`, at most once per lead day. It takes the first issue of the day of issue, so
 * that errors learned from it are not too small for any issue of the day.
 * @param lastLead last lead day.
 */
export async function toldDays(
  db: Queryable,
  { system, provider }: { readonly system: string; readonly provider: ForecastDays['provider'] },
  firstDay: string,
  lastLead: number,
): Promise<ToldDay[]> {
  const rows = await db.query<ForecastDay & { readonly leadDay: number }>(
    `SELECT DISTINCT ON (day, issue_day) day - issue_day AS "leadDay", day AS date, ${SELECTED_VALUES}
     FROM weather_forecasts
     WHERE system = $1 AND provider = $2 AND day >= $3 AND day - issue_day BETWEEN 0 AND $4
     ORDER BY day, issue_day, issued_at`,
    [system, provider, firstDay, lastLead],
  );
  return rows.map(({ leadDay, date, ...forecast }) => ({ leadDay, date, forecast }));
}
