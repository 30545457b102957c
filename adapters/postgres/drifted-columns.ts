/** Reads which columns drifted in one check. */
import { readableColumn } from '../../contracts/drift-reading.ts';
import type { Queryable } from './database.ts';

export interface DriftedColumn {
  /** Name for people: `month` for `mnth_sin` and `mnth_cos`. */
  readonly column: string;
  /** Number of weeks of the check in which it drifted. */
  readonly weeks: number;
}

/** Lists the columns that drifted, most weeks first. @param report address of the JSON report of the check. */
export async function driftedColumns(db: Queryable, report: string): Promise<DriftedColumn[]> {
  const drifted = await db.query<{ column: string; week: string }>(
    `SELECT column_name AS "column", week
     FROM drift_weeks JOIN drift_columns USING (system, model, model_version, reference_sha256, week)
     WHERE report_uri = $1 AND drifted`,
    [report],
  );
  return [...Map.groupBy(drifted, ({ column }) => readableColumn(column))]
    .map(([column, rows]) => ({ column, weeks: new Set(rows.map(({ week }) => week)).size }))
    .sort((a, b) => b.weeks - a.weeks || a.column.localeCompare(b.column));
}
