/** Records which drift check started which retraining, so that a month triggers each retraining once and within its bound. */
import type { Database, Queryable } from './database.ts';

export interface RetrainingClaim {
  readonly system: string;
  readonly model: string;
  /** The champion that the drift check found inadequate. */
  readonly modelVersion: string;
  /** `2025-03`, the last month of the checked span. */
  readonly month: string;
  /** The drift check that requests the retraining. */
  readonly workflowId: string;
}

export interface ClaimAnswer {
  readonly granted: boolean;
  /** Reason for the rejection; null if granted. */
  readonly reason: string | null;
}

interface RetrainingRow {
  readonly model_version: string;
  readonly workflow_id: string;
  readonly outcome: string;
}

/**
 * Grants a retraining to one drift check per model version and month. The same check may ask again, so an attempt whose answer was
 * lost can be retried. Another check may take over a failed retraining.
 * @param mostAMonth maximum number of retrainings of a model for one checked month.
 */
export async function claimRetraining(
  database: Database,
  { system, model, modelVersion, month, workflowId }: RetrainingClaim,
  mostAMonth: number,
): Promise<ClaimAnswer> {
  return database.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`citibike:retraining:${model}`]);
    const rows = await query<RetrainingRow>(
      'SELECT model_version, workflow_id, outcome FROM drift_retrainings WHERE model = $1 AND month = $2',
      [model, month],
    );
    const own = rows.find((row) => row.model_version === modelVersion);
    if (own && own.outcome !== 'failed') {
      if (own.outcome === 'started' && own.workflow_id === workflowId) return { granted: true, reason: null };
      const reason = `version ${modelVersion} was already retrained for ${month} by ${own.workflow_id}: ${own.outcome}`;
      return { granted: false, reason };
    }
    const others = rows.filter((row) => row !== own);
    if (!own && others.length >= mostAMonth) {
      const reason = `${others.length} of at most ${mostAMonth} retrainings of ${model} for ${month} were started (mostRetrainsAMonth in inputs/drift.yaml)`;
      return { granted: false, reason };
    }
    await query(
      `INSERT INTO drift_retrainings (model, month, model_version, system, workflow_id, outcome)
       VALUES ($1, $2, $3, $4, $5, 'started')
       ON CONFLICT (model, month, model_version) DO UPDATE
       SET workflow_id = EXCLUDED.workflow_id, outcome = 'started', reason = NULL, started_at = now(), finished_at = NULL`,
      [model, month, modelVersion, system, workflowId],
    );
    return { granted: true, reason: null };
  });
}

export interface RetrainingOutcome {
  readonly outcome: 'promoted' | 'rejected' | 'failed';
  readonly candidate: string | null;
  readonly refit: string | null;
  readonly reason: string;
}

/** Records the outcome of a retraining. It is safe to repeat, and ignores a retraining that another check has taken over. */
export async function closeRetraining(
  database: Queryable,
  { model, modelVersion, month, workflowId }: Omit<RetrainingClaim, 'system'>,
  { outcome, candidate, refit, reason }: RetrainingOutcome,
): Promise<void> {
  await database.query(
    `UPDATE drift_retrainings SET outcome = $5, candidate = $6, heir = $7, reason = $8, finished_at = now()
     WHERE model = $1 AND month = $2 AND model_version = $3 AND workflow_id = $4`,
    [model, month, modelVersion, workflowId, outcome, candidate, refit, reason],
  );
}
