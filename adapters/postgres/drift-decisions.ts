/** What drift checks decided and what came of it: view `citibike_decisions`. */
import type { Database } from './database.ts';

export interface RecordedDecision extends Record<string, unknown> {
  readonly recorded_at: Date;
  /** `2025-03`, the last month of the span checked. */
  readonly month: string;
  readonly system: string;
  readonly model: string;
  readonly model_version: string;
  readonly reference_from: string;
  readonly reference_to: string;
  readonly current_from: string;
  readonly current_to: string;
  /** False while the trips of the span were not published. */
  readonly with_trips: boolean;
  readonly weeks: number;
  readonly drifted_weeks: number;
  readonly decision: 'keep' | 'watch' | 'retrain' | 'alert';
  /** The most urgent first. */
  readonly reasons: readonly string[];
  /** Of the retraining that it started, null where it started none. */
  readonly retraining: 'started' | 'promoted' | 'rejected' | 'failed' | null;
  readonly candidate: string | null;
  readonly heir: string | null;
  readonly retraining_reason: string | null;
  readonly retraining_workflow: string | null;
  readonly report_uri: string;
  readonly html_uri: string;
}

interface DecisionFilter {
  readonly model?: string | undefined;
  readonly month?: string | undefined;
  readonly limit: number;
}

/** The newest months first. */
export async function recordedDecisions(
  database: Pick<Database, 'query'>,
  { model, month, limit }: DecisionFilter,
): Promise<RecordedDecision[]> {
  return database.query<RecordedDecision>(
    `SELECT * FROM citibike_decisions
     WHERE ($1::text IS NULL OR model = $1) AND ($2::text IS NULL OR month = $2)
     LIMIT $3`,
    [model ?? null, month ?? null, limit],
  );
}

export interface EarlierDecision extends Record<string, unknown> {
  readonly month: string;
  readonly decision: RecordedDecision['decision'];
}

/**
 * Of each month before `firstDay` that was checked for this version with its trips, the newest decision; the newest month first. Later
 * months are none of a check's business, so that a backfill decides as it would have then.
 */
export async function earlierDecisions(
  database: Pick<Database, 'query'>,
  version: { readonly system: string; readonly model: string; readonly modelVersion: string },
  firstDay: string,
  limit = 12,
): Promise<EarlierDecision[]> {
  return database.query<EarlierDecision>(
    `SELECT DISTINCT ON (to_char(current_to, 'YYYY-MM')) to_char(current_to, 'YYYY-MM') AS month, decision
     FROM drift_decisions
     WHERE system = $1 AND model = $2 AND model_version = $3 AND with_trips AND current_to < $4
     ORDER BY to_char(current_to, 'YYYY-MM') DESC, recorded_at DESC
     LIMIT $5`,
    [version.system, version.model, version.modelVersion, firstDay, limit],
  );
}
