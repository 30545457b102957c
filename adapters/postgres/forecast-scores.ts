/** Reads the forecasts that count for a month, and stores their scores by lead day. */
import type { ForecastMonth } from '../../contracts/activities/score.ts';
import type { ForecastScore, IssuedHour } from '../../contracts/forecast-score.ts';
import type { Queryable } from './database.ts';
import { HOUR_NAMES, LAST_FIRST, hourOf, type HourRow } from './demand-forecasts.ts';

/** Identifies the forecasts of a model for a month. */
export interface ScoredMonth {
  /** Id of a system, with `-synthetic` appended for synthetic trips. */
  readonly system: string;
  readonly model: string;
  /** `YYYY-MM` */
  readonly month: string;
}

/** Lists which of the months have forecasts. */
export async function forecastMonths(
  db: Queryable,
  system: string,
  months: readonly string[],
): Promise<ForecastMonth[]> {
  return db.query<ForecastMonth>(
    `SELECT issued.model, issued.month, coalesce(max(scores.scored_at) > issued.newest, false) AS scored
     FROM (SELECT model, to_char(target_hour, 'YYYY-MM') AS month, max(created_at) AS newest
           FROM served_forecasts WHERE system = $1 GROUP BY 1, 2) AS issued
     LEFT JOIN forecast_scores AS scores ON scores.system = $1 AND (scores.model, scores.month) = (issued.model, issued.month)
     WHERE issued.month = ANY($2::text[])
     GROUP BY issued.model, issued.month, issued.newest ORDER BY 1, 2`,
    [system, months],
  );
}

/**
 * Reads the forecast that counts for each hour and lead day: that of the last issue of its issue day. A forecast that was issued or written
 * after the hour began never counts. A replaced issue counts for the hours that began before. An issue of climatology counts only on days
 * without another one, because it is served only then.
 */
export async function issuedHours(
  db: Queryable,
  { system, model, month }: ScoredMonth,
): Promise<IssuedHour[]> {
  const rows = await db.query<HourRow & { leadDay: number; version: string; issuedAt: Date }>(
    `SELECT DISTINCT ON (target_hour, lead_day) target_hour::date AS date, extract(hour FROM target_hour)::integer AS hour,
       lead_day AS "leadDay", version, issued_at AS "issuedAt", ${HOUR_NAMES}
     FROM served_forecasts
     WHERE (system, model) = ($1, $2) AND target_hour >= $3::date AND target_hour < $3::date + interval '1 month'
     ORDER BY target_hour, lead_day, ${LAST_FIRST}, created_at DESC`,
    [system, model, `${month}-01`],
  );
  return rows.map((row) => ({
    ...hourOf(row),
    leadDay: row.leadDay,
    version: row.version,
    issuedAt: row.issuedAt.toISOString(),
  }));
}

/** Lists the columns of a score beside its key, and how to read each. */
const SCORE_COLUMNS = [
  ['hours', ({ hours }) => hours],
  ['issues', ({ issues }) => issues],
  ['versions', ({ versions }) => versions],
  ['rmse', ({ rmse }) => rmse],
  ['mae', ({ mae }) => mae],
  ['bias', ({ bias }) => bias],
  ['coverage_50', ({ coverage }) => coverage[0.5]],
  ['coverage_80', ({ coverage }) => coverage[0.8]],
  ['coverage_90', ({ coverage }) => coverage[0.9]],
  ['width_90', ({ width }) => width],
  ['winkler_90', ({ winkler }) => winkler],
  ['climatology_share', ({ climatologyShare }) => climatologyShare],
  ['rmse_naive', ({ rmseNaive }) => rmseNaive],
  ['skill', ({ skill }) => skill],
  ['rmse_observed', ({ rmseObserved }) => rmseObserved],
] as const satisfies readonly (readonly [string, (score: ForecastScore) => unknown])[];

const NAMES = SCORE_COLUMNS.map(([name]) => name);

/**
 * Upserts the scores of a month. It is safe to repeat and to run concurrently. Scores from fewer hours than before change nothing, because
 * retention keeps one issue per day.
 */
export async function upsertForecastScores(
  db: Queryable,
  { system, model, month }: ScoredMonth,
  scores: readonly ForecastScore[],
): Promise<void> {
  const list = (prefix: string) => NAMES.map((name) => `${prefix}${name}`).join(', ');
  // Both writers take the rows in the order of lead days, so that they cannot deadlock.
  for (const score of scores) {
    await db.query(
      `INSERT INTO forecast_scores AS have (system, model, month, lead_day, ${list('')})
       VALUES ($1, $2, $3, $4, ${NAMES.map((_, i) => `$${i + 5}`).join(', ')})
       ON CONFLICT (system, model, month, lead_day) DO UPDATE
       SET (${list('')}, scored_at) = (${list('EXCLUDED.')}, now())
       WHERE EXCLUDED.hours >= have.hours AND (${list('have.')}) IS DISTINCT FROM (${list('EXCLUDED.')})`,
      [system, model, month, score.leadDay, ...SCORE_COLUMNS.map(([, valueOf]) => valueOf(score))],
    );
  }
}
