/** Reads what drift checks found in single weeks. */
import { MOST_OF_A_WEEK } from '../../contracts/drift-reading.ts';
import type { Queryable } from './database.ts';
import type { DriftColumnRow, DriftWeekRow } from './drift-metrics.ts';

export interface RecordedWeek {
  /** `2025-W01` */
  readonly week: string;
  readonly level: number | null;
  readonly z: number | null;
}

/** Limits the weeks that the cumulative sum of later weeks starts from. A year: by then a version has been retrained. */
const MOST_WEEKS = 52;

/**
 * Lists the weeks before `firstDay` that were checked for this version, in ascending order. Later weeks do not
 * count, so that a backfill or a second check of a month finds what the first one would have found. If two
 * checks split a week, the longer part counts; if two references were used, the newer check counts.
 */
export async function earlierWeeks(
  db: Queryable,
  version: { readonly system: string; readonly model: string; readonly modelVersion: string },
  firstDay: string,
): Promise<RecordedWeek[]> {
  return db.query<RecordedWeek>(
    `SELECT week, level, level_z AS z FROM (
       SELECT DISTINCT ON (week) week, level, level_z
       FROM drift_weeks
       WHERE system = $1 AND model = $2 AND model_version = $3 AND with_trips AND level_z IS NOT NULL
         AND last_date < $4::date AND last_date >= $4::date - $5 * 7
       ORDER BY week, hours DESC, recorded_at DESC
     ) AS judged
     ORDER BY week`,
    [version.system, version.model, version.modelVersion, firstDay, MOST_WEEKS],
  );
}

export interface WeekErrors {
  readonly week: string;
  /** Trips per hour. */
  readonly rmse: number | null;
  readonly mae: number | null;
  readonly r2: number | null;
}

/**
 * Returns the errors of the newest week in which a version was compared with published trips. A week of which most hours were
 * compared comes before a part of one.
 */
export async function newestWeekErrors(
  db: Queryable,
  model: string,
  version: string,
): Promise<WeekErrors | undefined> {
  const [week] = await db.query<WeekErrors>(
    `SELECT week, rmse_score_current AS rmse, mae_score_current AS mae, r2_score_current AS r2
     FROM drift_weeks WHERE model = $1 AND model_version = $2 AND rmse_score_current IS NOT NULL
     ORDER BY hours >= $3 DESC, last_date DESC, recorded_at DESC LIMIT 1`,
    [model, version, MOST_OF_A_WEEK],
  );
  return week;
}

/** Lists the systems that were checked, in descending order. */
export async function checkedSystems(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ system: string }>(
    'SELECT DISTINCT system FROM drift_weeks ORDER BY system DESC',
  );
  return rows.map(({ system }) => system);
}

/** Selects the newest check of each week. $1: system, $2: version of the model, null for any. */
const NEWEST_CHECKS = `(SELECT DISTINCT ON (week) * FROM drift_weeks
  WHERE system = $1 AND ($2::text IS NULL OR model_version = $2)
  ORDER BY week, recorded_at DESC, model, model_version DESC, reference_sha256) AS newest`;

export interface CheckedWeek extends DriftWeekRow {
  readonly recorded_at: Date;
}

/** Lists the newest check of each week, oldest week first. @param version undefined means any version. */
export async function checkedWeeks(
  db: Queryable,
  system: string,
  version: string | undefined,
): Promise<CheckedWeek[]> {
  return db.query<CheckedWeek>(`SELECT * FROM ${NEWEST_CHECKS} ORDER BY last_date LIMIT 520`, [
    system,
    version,
  ]);
}

export interface CheckedColumn extends Pick<
  DriftColumnRow,
  'week' | 'test' | 'score' | 'threshold' | 'drifted'
> {
  readonly column: string;
}

/** Lists the columns of the same checks as `checkedWeeks`. */
export async function checkedColumns(
  db: Queryable,
  system: string,
  version: string | undefined,
): Promise<CheckedColumn[]> {
  return db.query<CheckedColumn>(
    `SELECT newest.week, column_name AS "column", test, score, threshold, drifted
     FROM ${NEWEST_CHECKS}
     JOIN drift_columns USING (system, model, model_version, reference_sha256, week)
     ORDER BY newest.last_date, column_name LIMIT 20000`,
    [system, version],
  );
}
