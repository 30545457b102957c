/** Reads decisions of drift checks and their consequences (view `citibike_decisions`). */
import type { Queryable } from './database.ts';

export interface RecordedDecision {
  readonly recorded_at: Date;
  /** `2025-03`, the last month of the checked span. */
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
  /** Reasons, the most urgent first. */
  readonly reasons: readonly string[];
  /** State of the retraining that the check started; null if it started none. */
  readonly retraining: 'started' | 'promoted' | 'rejected' | 'failed' | null;
  readonly candidate: string | null;
  readonly heir: string | null;
  readonly retraining_reason: string | null;
  readonly retraining_workflow: string | null;
  readonly report_uri: string;
  readonly html_uri: string;
}

/** Represents a decision with the addresses of its reports. */
export interface NewestDecision {
  readonly system: string;
  readonly model: string;
  readonly version: string;
  readonly decision: string;
  readonly reasons: string[];
  /** Days, `YYYY-MM-DD`. */
  readonly referenceFrom: string;
  readonly referenceTo: string;
  readonly currentFrom: string;
  readonly currentTo: string;
  readonly weeks: number;
  readonly driftedWeeks: number;
  readonly reportUri: string;
  readonly htmlUri: string;
  /** The retraining that the check started; null if it started none. */
  readonly retraining: { readonly outcome: string; readonly reason: string | null } | null;
  readonly recordedAt: Date;
}

/** Lists decisions, the most recently recorded first. */
export async function newestDecisions(
  db: Queryable,
  limit: number,
  { system, version }: { readonly system?: string; readonly version?: string | undefined } = {},
): Promise<NewestDecision[]> {
  return db.query<NewestDecision>(
    `SELECT decided.system, decided.model, decided.model_version AS version, decided.decision, decided.reasons,
       decided.reference_from AS "referenceFrom", decided.reference_to AS "referenceTo",
       decided.current_from AS "currentFrom", decided.current_to AS "currentTo",
       decided.weeks, decided.drifted_weeks AS "driftedWeeks",
       decided.report_uri AS "reportUri", decided.html_uri AS "htmlUri", decided.recorded_at AS "recordedAt",
       CASE WHEN started.outcome IS NULL THEN NULL
         ELSE json_build_object('outcome', started.outcome, 'reason', started.reason) END AS retraining
     FROM drift_decisions AS decided
     LEFT JOIN drift_retrainings AS started
       ON started.model = decided.model AND started.model_version = decided.model_version
      AND started.month = to_char(decided.current_to, 'YYYY-MM') AND decided.decision = 'retrain'
     WHERE ($1::text IS NULL OR decided.system = $1) AND ($2::text IS NULL OR decided.model_version = $2)
     ORDER BY decided.recorded_at DESC LIMIT $3`,
    [system, version, limit],
  );
}

interface DecisionFilter {
  readonly model?: string | undefined;
  readonly month?: string | undefined;
  readonly limit: number;
}

/** Lists decisions, the newest months first. */
export async function recordedDecisions(
  database: Queryable,
  { model, month, limit }: DecisionFilter,
): Promise<RecordedDecision[]> {
  return database.query<RecordedDecision>(
    `SELECT * FROM citibike_decisions
     WHERE ($1::text IS NULL OR model = $1) AND ($2::text IS NULL OR month = $2)
     LIMIT $3`,
    [model ?? null, month ?? null, limit],
  );
}

export interface EarlierDecision {
  readonly month: string;
  readonly decision: RecordedDecision['decision'];
}

/**
 * Lists the newest decision of each month before `firstDay` in which this version was checked with trips, newest month first. Later
 * months do not count, so that a backfill decides as it would have decided then.
 */
export async function earlierDecisions(
  database: Queryable,
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
