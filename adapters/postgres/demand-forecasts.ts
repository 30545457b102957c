/** Stores and reads issues of demand forecasts. */
import type { DemandForecast, DemandForecastHour } from '../../contracts/demand-forecast.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import type { Database, Queryable } from './database.ts';

/** Holds the columns of an hour, and how to read each. Both statements below keep this order. */
const HOUR_COLUMNS = [
  ['target_hour', 'timestamp', ({ date, hour }) => `${date}T${String(hour).padStart(2, '0')}:00:00`],
  ['weather', 'text', ({ weather }) => weather],
  ['prediction', 'real', ({ prediction }) => prediction],
  ['lower_50', 'real', ({ intervals }) => intervals[0.5].lower],
  ['upper_50', 'real', ({ intervals }) => intervals[0.5].upper],
  ['lower_80', 'real', ({ intervals }) => intervals[0.8].lower],
  ['upper_80', 'real', ({ intervals }) => intervals[0.8].upper],
  ['lower_90', 'real', ({ intervals }) => intervals[0.9].lower],
  ['upper_90', 'real', ({ intervals }) => intervals[0.9].upper],
] as const satisfies readonly (readonly [string, string, (hour: DemandForecastHour) => unknown])[];

export const HOUR_NAMES = HOUR_COLUMNS.map(([name]) => name).join(', ');

/**
 * Orders a day's issues: the last one comes first. One of climatology counts only on days without another, because it is served only then.
 */
export const LAST_FIRST = `provider = 'climatology', issued_at DESC`;

/**
 * Tells which of two issues of the same time stays. The stored one stays if it has the same version and weather service as the new one.
 * Otherwise weather comes before climatology, then the version that was chosen later. Parameters: version, provider, chosen_at.
 */
const STAYS = `(version, provider) = ($4, $5) OR (provider <> 'climatology', chosen_at) > ($5 <> 'climatology', $6::timestamptz)`;

/** Identifies the run that issues a forecast. */
interface IssuingRun {
  readonly workflowId: string;
  readonly runId: string;
  /** Time at which the run chose the version, because it was champion. It is in ISO 8601. The default is now. */
  readonly chosenAt?: string | undefined;
}

/**
 * Writes an issue in one transaction, unless one of the same time stays (`STAYS`): two runs write one. The hours of an issue that it replaces are kept,
 * because they were served.
 * @returns whether this call wrote it.
 */
export async function writeForecast(
  database: Database,
  forecast: DemandForecast,
  { workflowId, runId, chosenAt = new Date().toISOString() }: IssuingRun,
): Promise<boolean> {
  const { system, model, version, issuedAt, provider } = forecast;
  const key = [system, model, issuedAt];
  return database.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`citibike:forecast:${model}`]);
    const [known] = await query<{ stays: boolean }>(
      `SELECT ${STAYS} AS stays FROM forecast_issues WHERE (system, model, issued_at) = ($1, $2, $3)`,
      [...key, version, provider, chosenAt],
    );
    if (known?.stays) return false;
    if (known) await replaceIssue(query, key);
    // The lock may have been awaited since the start of the transaction, which now() returns.
    await query(
      `INSERT INTO forecast_issues (system, model, issued_at, version, provider, chosen_at, issue_day, time_zone, level, level_deviation,
         level_month, weather, workflow_id, run_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, clock_timestamp())`,
      [
        ...key,
        version,
        provider,
        chosenAt,
        forecast.issueDay,
        forecast.timeZone,
        forecast.level.factor,
        forecast.level.deviation,
        forecast.level.month,
        JSON.stringify(forecast.weather),
        workflowId,
        runId,
      ],
    );
    const issueDay = epochDayOf(forecast.issueDay);
    const leads = forecast.hours.map(({ date }) => epochDayOf(date) - issueDay);
    const arrays = HOUR_COLUMNS.map(([, type], i) => `$${i + 5}::${type}[]`);
    await query(
      `INSERT INTO demand_forecasts (system, model, issued_at, lead_day, ${HOUR_NAMES})
       SELECT $1, $2, $3, * FROM unnest($4::smallint[], ${arrays.join(', ')})`,
      [...key, leads, ...HOUR_COLUMNS.map(([, , valueOf]) => forecast.hours.map((hour) => valueOf(hour)))],
    );
    return true;
  });
}

async function replaceIssue(query: Database['query'], key: readonly unknown[]): Promise<void> {
  const columns = `system, model, issued_at, created_at, version, provider, time_zone`;
  await query(
    `INSERT INTO replaced_forecasts (${columns}, lead_day, ${HOUR_NAMES}, replaced_at)
     SELECT ${columns}, lead_day, ${HOUR_NAMES}, clock_timestamp()
     FROM (SELECT ${columns} FROM forecast_issues) AS issue JOIN demand_forecasts USING (system, model, issued_at)
     WHERE (system, model, issued_at) = ($1, $2, $3)`,
    key,
  );
  await query('DELETE FROM forecast_issues WHERE (system, model, issued_at) = ($1, $2, $3)', key);
}

/** Identifies an issue, and tells whether it has been written again. */
export interface ForecastIssue {
  readonly system: string;
  readonly issuedAt: Date;
  readonly createdAt: Date;
}

/**
 * Returns the issue of a model that counts now: the newest one. One from climatology counts as a day old, so that it replaces only a forecast
 * that is older than that.
 * @param only restricts the issues: to those of some systems, and to one issue time in ISO 8601.
 */
export async function newestIssue(
  db: Queryable,
  model: string,
  only: { readonly systems?: readonly string[] | undefined; readonly issuedAt?: string | undefined } = {},
): Promise<ForecastIssue | undefined> {
  const [issue] = await db.query<ForecastIssue>(
    `SELECT system, issued_at AS "issuedAt", created_at AS "createdAt" FROM forecast_issues
     WHERE model = $1 AND ($2::text[] IS NULL OR system = ANY($2)) AND ($3::timestamptz IS NULL OR issued_at = $3)
     ORDER BY issued_at - CASE WHEN provider = 'climatology' THEN interval '1 day' ELSE interval '0' END DESC, system LIMIT 1`,
    [model, only.systems, only.issuedAt],
  );
  return issue;
}

/** Represents an issue without its hours. */
export interface IssueSummary extends Pick<DemandForecast, 'version' | 'issuedAt' | 'provider' | 'level'> {
  /** Number of hours. */
  readonly hours: number;
  /** End of the last hour. */
  readonly until: Date;
}

/** Summarizes an issue; undefined if the model has none of this time. */
export async function summarizeIssue(
  db: Queryable,
  model: string,
  { system, issuedAt }: { readonly system: string; readonly issuedAt: Date | string },
): Promise<IssueSummary | undefined> {
  const [row] = await db.query<
    Omit<IssueSummary, 'issuedAt' | 'level'> & DemandForecast['level'] & { readonly issuedAt: Date }
  >(
    `SELECT version, issued_at AS "issuedAt", provider, level AS factor, level_deviation AS deviation, level_month AS month,
       count(*)::integer AS hours, (max(target_hour) + interval '1 hour') AT TIME ZONE time_zone AS until
     FROM forecast_issues JOIN demand_forecasts USING (system, model, issued_at)
     WHERE (system, model, issued_at) = ($1, $2, $3)
     GROUP BY forecast_issues.system, forecast_issues.model, forecast_issues.issued_at`,
    [system, model, issuedAt],
  );
  if (!row) return undefined;
  const { factor, deviation, month, ...facts } = row;
  return { ...facts, issuedAt: row.issuedAt.toISOString(), level: { factor, deviation, month } };
}

/** Longest time until a month is published and its forecasts are scored, for which a check waits too. */
const UNTIL_PUBLISHED = '45 days';

/**
 * Deletes issues of a model that are older than a time, except the last one of each local day, and what replaced issues said.
 * Keeps what the remaining issues replaced until its month is scored.
 * @returns how many issues it deleted, without replaced ones.
 */
export async function thinForecasts(
  db: Queryable,
  { system, model }: { readonly system: string; readonly model: string },
  before: Date,
): Promise<number> {
  const deleted = await db.query(
    `DELETE FROM forecast_issues WHERE system = $1 AND model = $2 AND issued_at < $3 AND issued_at NOT IN (
       SELECT DISTINCT ON (issue_day) issued_at FROM forecast_issues WHERE system = $1 AND model = $2 ORDER BY issue_day, ${LAST_FIRST})
     RETURNING issued_at`,
    [system, model, before],
  );
  await db.query(
    `DELETE FROM replaced_forecasts AS replaced
     WHERE system = $1 AND model = $2 AND issued_at < $3 AND (issued_at < $3::timestamptz - $4::interval OR NOT EXISTS (
       SELECT 1 FROM forecast_issues AS issue
       WHERE (issue.system, issue.model, issue.issued_at) = (replaced.system, replaced.model, replaced.issued_at)))`,
    [system, model, before, UNTIL_PUBLISHED],
  );
  return deleted.length;
}

interface IssueRow extends Omit<DemandForecast, 'issuedAt' | 'level' | 'hours'> {
  readonly issuedAt: Date;
  readonly factor: number;
  readonly deviation: number;
  readonly month: string | null;
  /** Null without hours. */
  readonly hours: readonly HourRow[] | null;
}

type BoundName = Exclude<(typeof HOUR_COLUMNS)[number][0], 'target_hour' | 'weather'>;

export interface HourRow extends Readonly<Record<BoundName, number>> {
  readonly date: string;
  readonly hour: number;
  readonly weather: DemandForecastHour['weather'];
}

/** Reads an issue with its hours in one statement, because another version may replace it; undefined if it was deleted meanwhile. */
export async function readForecast(
  db: Queryable,
  model: string,
  { system, issuedAt }: Pick<ForecastIssue, 'system' | 'issuedAt'>,
): Promise<DemandForecast | undefined> {
  const [issue] = await db.query<IssueRow>(
    `SELECT system, model, version, issued_at AS "issuedAt", issue_day AS "issueDay", provider, time_zone AS "timeZone", level AS factor,
       level_deviation AS deviation, level_month AS month, weather,
       (SELECT json_agg(row) FROM (
          SELECT target_hour::date AS date, extract(hour FROM target_hour)::integer AS hour, ${HOUR_NAMES}
          FROM demand_forecasts WHERE (system, model, issued_at) = ($1, $2, $3) ORDER BY target_hour) AS row) AS hours
     FROM forecast_issues WHERE (system, model, issued_at) = ($1, $2, $3)`,
    [system, model, issuedAt],
  );
  if (!issue?.hours) return undefined;
  const { factor, deviation, month, hours, ...facts } = issue;
  return {
    ...facts,
    issuedAt: issue.issuedAt.toISOString(),
    level: { factor, deviation, month },
    hours: hours.map(hourOf),
  };
}

export function hourOf(row: HourRow): DemandForecastHour {
  return {
    date: row.date,
    hour: row.hour,
    prediction: row.prediction,
    intervals: {
      0.5: { lower: row.lower_50, upper: row.upper_50 },
      0.8: { lower: row.lower_80, upper: row.upper_80 },
      0.9: { lower: row.lower_90, upper: row.upper_90 },
    },
    weather: row.weather,
  };
}
