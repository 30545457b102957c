/** Reads the issues of demand forecasts, what earlier issues said about the same hours, and the scores of published months. */
import type { DemandForecast, ForecastProvider } from '../../contracts/demand-forecast.ts';
import type { Queryable } from './database.ts';
import { LAST_FIRST } from './demand-forecasts.ts';

/** Limits the list to a week of issues every three hours, and one per day for almost a year. */
const MOST_ISSUES = 400;
/** Sets the days before an issue whose last issues are compared with it. Older ones do not reach its hours. */
const EARLIER_DAYS = 7;
/** Limits the scores: lead days 0 to 7 of four years. */
const MOST_SCORES = 400;

type Source = Pick<DemandForecast, 'system' | 'model'>;

export interface ListedIssue {
  readonly issuedAt: Date;
  readonly provider: ForecastProvider;
  readonly version: string;
}

/** Lists the issues of a week before the newest one, and the last issue of each earlier day. The newest comes first. */
export async function listIssues(db: Queryable, { system, model }: Source): Promise<ListedIssue[]> {
  return db.query<ListedIssue>(
    `SELECT issued_at AS "issuedAt", provider, version FROM (
       SELECT issued_at, provider, version, max(issued_at) OVER () AS newest,
         row_number() OVER (PARTITION BY issue_day ORDER BY ${LAST_FIRST}) AS place
       FROM forecast_issues WHERE system = $1 AND model = $2
     ) AS placed
     WHERE place = 1 OR issued_at > newest - interval '7 days' ORDER BY issued_at DESC LIMIT ${MOST_ISSUES}`,
    [system, model],
  );
}

interface HourKey {
  /** `YYYY-MM-DD`, local time of the system. */
  readonly date: string;
  /** 0..23, wall clock. */
  readonly hour: number;
}

/** Represents the number of trips, forecast or actual, of one hour. */
export interface HourTrips extends HourKey {
  readonly trips: number;
}

export interface EarlierHour extends HourTrips {
  readonly issuedAt: Date;
}

const HOUR_OF = (column: string) =>
  `${column}::date AS date, extract(hour FROM ${column})::integer AS hour` as const;

type Span = Source & Pick<DemandForecast, 'issueDay' | 'hours'>;

/**
 * Lists what the last issues of the seven days before forecast for the hours of an issue. The newest issue comes first, and its hours are
 * in order.
 */
export async function earlierForecasts(db: Queryable, forecast: Span): Promise<EarlierHour[]> {
  return db.query<EarlierHour>(
    `SELECT issued_at AS "issuedAt", ${HOUR_OF('target_hour')}, prediction AS trips
     FROM (
       SELECT DISTINCT ON (issue_day) system, model, issued_at FROM forecast_issues
       WHERE system = $1 AND model = $2 AND issue_day < $3::date AND issue_day >= $3::date - ${EARLIER_DAYS}
       ORDER BY issue_day, ${LAST_FIRST}
     ) AS last_of_day
     JOIN demand_forecasts USING (system, model, issued_at)
     WHERE target_hour BETWEEN $4 AND $5
     ORDER BY issued_at DESC, target_hour`,
    [forecast.system, forecast.model, forecast.issueDay, ...endsOf(forecast)],
  );
}

/** Lists the published trips of the hours of an issue. */
export async function actualTrips(db: Queryable, forecast: Span): Promise<HourTrips[]> {
  return db.query<HourTrips>(
    `SELECT ${HOUR_OF('hour')}, trips FROM actual_hours WHERE system = $1 AND actual_hours.hour BETWEEN $2 AND $3`,
    [forecast.system, ...endsOf(forecast)],
  );
}

/** Returns the first and last hour as Postgres reads timestamps. */
function endsOf({ hours }: Pick<DemandForecast, 'hours'>): (string | null)[] {
  return [hours.at(0), hours.at(-1)].map((hour) => (hour ? `${hour.date} ${hour.hour}:00` : null));
}

/** Represents the errors of the forecasts of one month at one lead day, in trips per hour. */
export interface LeadDayScore {
  /** `YYYY-MM` */
  readonly month: string;
  readonly leadDay: number;
  readonly hours: number;
  readonly issues: number;
  readonly rmse: number;
  readonly mae: number;
  /** Mean of prediction − actual. */
  readonly bias: number;
  /** Shares of hours within the 50, 80 and 90 % intervals. */
  readonly coverage50: number;
  readonly coverage80: number;
  readonly coverage90: number;
  /** Mean width of the 90 % interval. */
  readonly width90: number;
  /** Mean interval score of Winkler of the 90 % interval. */
  readonly winkler90: number;
  /** Share of hours whose weather was climatology. */
  readonly climatologyShare: number;
  /** RMSE of the naive forecast; null without the training frame. */
  readonly rmseNaive: number | null;
  /** 1 − rmse / rmseNaive */
  readonly skill: number | null;
  /** RMSE of the same versions with the observed weather, without level; null without the version. */
  readonly rmseObserved: number | null;
}

/** Lists the scores of a model: the newest month first, and its lead days in order. @param systems undefined means any. */
export async function leadDayScores(
  db: Queryable,
  model: string,
  systems: readonly string[] | undefined,
): Promise<LeadDayScore[]> {
  return db.query<LeadDayScore>(
    `SELECT month, lead_day AS "leadDay", hours, issues, rmse, mae, bias, coverage_50 AS "coverage50", coverage_80 AS "coverage80",
       coverage_90 AS "coverage90", width_90 AS "width90", winkler_90 AS "winkler90", climatology_share AS "climatologyShare",
       rmse_naive AS "rmseNaive", skill, rmse_observed AS "rmseObserved"
     FROM forecast_scores WHERE model = $1 AND ($2::text[] IS NULL OR system = ANY($2))
     ORDER BY month DESC, lead_day LIMIT ${MOST_SCORES}`,
    [model, systems],
  );
}
