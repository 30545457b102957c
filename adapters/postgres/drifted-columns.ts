/** Reads which columns drifted in one check. */
import type { Queryable } from './database.ts';

export interface DriftedColumn {
  readonly column: string;
  /** Number of weeks of the check in which it drifted. */
  readonly weeks: number;
}

/** Lists the columns that drifted, most weeks first. @param report address of the JSON report of the check. */
export async function driftedColumns(db: Queryable, report: string): Promise<DriftedColumn[]> {
  return db.query<DriftedColumn>(
    `SELECT column_name AS "column", count(*)::integer AS weeks
     FROM drift_weeks JOIN drift_columns USING (system, model, model_version, reference_sha256, week)
     WHERE report_uri = $1 AND drifted
     GROUP BY column_name ORDER BY count(*) DESC, column_name`,
    [report],
  );
}
