/** Rows of drift checks: upserted, so that recording a report twice is recording it once. */
import type { Database } from './database.ts';

interface WeekKey {
  readonly system: string;
  readonly model: string;
  readonly model_version: string;
  readonly reference_sha256: string;
  /** `2025-W01` */
  readonly week: string;
}

/** Columns of `drift_weeks` that are numbers of a check; null where there was too little to compute from. */
export const WEEK_METRICS = [
  'prediction_drift',
  'num_drifted_columns',
  'share_missing_values',
  'r2_score_reference',
  'r2_score_current',
  'rmse_score_reference',
  'rmse_score_current',
  'mae_score_reference',
  'mae_score_current',
  'mean_error_reference',
  'mean_error_current',
  'abs_error_max_reference',
  'abs_error_max_current',
  'mean_abs_perc_error_reference',
  'mean_abs_perc_error_current',
  'error_std_reference',
  'error_std_current',
  'abs_error_std_reference',
  'abs_error_std_current',
  'abs_perc_error_std_reference',
  'abs_perc_error_std_current',
  'underperformance_mean_error',
  'underperformance_std_error',
  'underestimation_mean_error',
  'underestimation_std_error',
  'overestimation_mean_error',
  'overestimation_std_error',
] as const;
export type WeekMetrics = Readonly<Record<(typeof WEEK_METRICS)[number], number | null>>;

export interface DriftWeekRow extends WeekKey, WeekMetrics {
  /** First and last date present, `YYYY-MM-DD`. */
  readonly first_date: string;
  readonly last_date: string;
  readonly hours: number;
  readonly report_uri: string;
}

export interface DriftColumnRow extends WeekKey {
  readonly column_name: string;
  readonly test: string | null;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly drifted: boolean;
}

export interface DriftDecisionRow extends Omit<WeekKey, 'week'> {
  readonly current_sha256: string;
  readonly reference_from: string;
  readonly reference_to: string;
  readonly current_from: string;
  readonly current_to: string;
  readonly weeks: number;
  readonly drifted_weeks: number;
  readonly decision: string;
  readonly reasons: readonly string[];
  readonly report_uri: string;
  readonly html_uri: string;
}

export interface DriftRows {
  readonly weeks: readonly DriftWeekRow[];
  readonly columns: readonly DriftColumnRow[];
  readonly decision: DriftDecisionRow;
}

const WEEK_KEY = ['system', 'model', 'model_version', 'reference_sha256', 'week'];
const DECISION_KEY = ['system', 'model', 'model_version', 'reference_sha256', 'current_sha256'];

/** Writes all rows of one check in one transaction. */
export async function upsertDriftRows(database: Database, rows: DriftRows): Promise<void> {
  await database.transaction(async (query) => {
    const upsert = async (
      table: string,
      key: readonly string[],
      items: readonly object[],
      stamped: boolean,
    ) => {
      const [first] = items;
      if (first)
        await query(upsertStatement(table, key, Object.keys(first), stamped), [JSON.stringify(items)]);
    };
    await upsert('drift_weeks', WEEK_KEY, rows.weeks, true);
    await upsert('drift_columns', [...WEEK_KEY, 'column_name'], rows.columns, false);
    await upsert('drift_decisions', DECISION_KEY, [rows.decision], true);
  });
}

/** The rows travel as one JSON parameter; names of tables and columns are our own, never a caller's. */
function upsertStatement(
  table: string,
  key: readonly string[],
  columns: readonly string[],
  stamped: boolean,
): string {
  const updated = columns
    .filter((column) => !key.includes(column))
    .map((name) => `${name} = EXCLUDED.${name}`);
  if (stamped) updated.push('recorded_at = EXCLUDED.recorded_at');
  return `INSERT INTO ${table} (${columns.join(', ')}${stamped ? ', recorded_at' : ''})
    SELECT ${columns.join(', ')}${stamped ? ', now()' : ''} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)
    ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${updated.join(', ')}`;
}
