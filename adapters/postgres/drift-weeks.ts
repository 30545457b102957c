/** What drift checks found of single weeks. */
import type { Database } from './database.ts';

export interface RecordedWeek extends Record<string, unknown> {
  /** `2025-W01` */
  readonly week: string;
  readonly level: number | null;
  readonly z: number | null;
}

/** Weeks that a sum of later ones goes on from: a year's, after which a version has long been retrained. */
const MOST_WEEKS = 52;

/**
 * The weeks before `firstDay` that were judged for this version, ascending. Later ones are none of a check's business, so that a
 * backfill, or a month that is checked again, finds what it would have found then. Of a week that two checks cut in parts, the longer
 * part counts; of one held against two references, the newer check.
 */
export async function earlierWeeks(
  database: Pick<Database, 'query'>,
  version: { readonly system: string; readonly model: string; readonly modelVersion: string },
  firstDay: string,
): Promise<RecordedWeek[]> {
  return database.query<RecordedWeek>(
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
