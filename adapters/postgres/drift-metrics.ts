/** Upserts rows of drift checks, so that recording a report twice has no further effect. */
import type { Database } from './database.ts';

interface WeekKey {
  readonly system: string;
  readonly model: string;
  readonly model_version: string;
  readonly reference_sha256: string;
  /** `2025-W01` */
  readonly week: string;
}

/** Lists the numeric columns of `drift_weeks`; null if there was too little data to compute them. */
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
  readonly with_trips: boolean;
  /** Approximate share by which demand differs from its forecast, like for like; the next fields hold the threshold and the alarm. */
  readonly level: number | null;
  /** `level` in standard deviations, from which the cumulative sum of later checks continues. */
  readonly level_z: number | null;
  readonly level_threshold: number | null;
  readonly alarm: boolean | null;
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
  readonly with_trips: boolean;
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

/**
 * Writes all rows of one check in one transaction. A check with trips replaces one without. A late check without trips does not
 * replace one with trips.
 * @returns rows of weeks that were written.
 */
export async function upsertDriftRows(database: Database, checked: DriftRows): Promise<number> {
  return database.transaction(async (query) => {
    const { model } = checked.decision;
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`citibike:drift:${model}`]);
    const rows = checked.decision.with_trips ? checked : await withoutCompleted(query, checked);
    if (rows.weeks.length === 0) return 0;
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
    if (rows.decision.with_trips) await dropPreliminary(query, rows.decision);
    return rows.weeks.length;
  });
}

async function withoutCompleted(query: Database['query'], rows: DriftRows): Promise<DriftRows> {
  const { system, model, model_version, reference_sha256 } = rows.decision;
  const completed = await query<{ week: string }>(
    `SELECT week FROM drift_weeks
     WHERE system = $1 AND model = $2 AND model_version = $3 AND reference_sha256 = $4 AND with_trips`,
    [system, model, model_version, reference_sha256],
  );
  const done = new Set(completed.map(({ week }) => week));
  const open = <Row extends WeekKey>(items: readonly Row[]) => items.filter(({ week }) => !done.has(week));
  return { ...rows, weeks: open(rows.weeks), columns: open(rows.columns) };
}

/** Deletes the decision that was made before the trips were published. */
async function dropPreliminary(query: Database['query'], decided: DriftDecisionRow): Promise<void> {
  const { system, model, model_version, reference_sha256, current_from, current_to } = decided;
  await query(
    `DELETE FROM drift_decisions
     WHERE system = $1 AND model = $2 AND model_version = $3 AND reference_sha256 = $4
       AND current_from >= $5 AND current_to <= $6 AND NOT with_trips`,
    [system, model, model_version, reference_sha256, current_from, current_to],
  );
}

/** Builds an upsert that takes its rows as one JSON parameter. Table and column names come from this code, never from a caller. */
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
