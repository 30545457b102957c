/** Reads recorded runs and steps, which Postgres keeps after Temporal has deleted their histories. */
import type { Queryable } from './database.ts';

export interface RecordedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  /** Null in lists. */
  readonly input: unknown;
  /** Null in lists. */
  readonly result: unknown;
  readonly failure: string | null;
  readonly parentId: string | null;
  readonly startedAt: Date;
  readonly closedAt: Date | null;
  readonly system: string | null;
  readonly month: string | null;
  readonly model: string | null;
  /** True if it failed before its first step and its first child. */
  readonly rejected: boolean;
}

export interface RunFilter {
  readonly type?: string | undefined;
  readonly status?: string | undefined;
  readonly parentId?: string | undefined;
  readonly system?: string | undefined;
  readonly model?: string | undefined;
  /** Substring of the months. */
  readonly month?: string | undefined;
  /** Substring of the workflow id, in any case. */
  readonly workflowId?: string | undefined;
  /** ISO time; only runs that started earlier. */
  readonly before?: string | undefined;
  /** ISO time; only runs that started then or later. */
  readonly from?: string | undefined;
}

/** `system`, `month` and `model` correspond to Temporal's search attributes, as far as input and result contain them. */
const RUN_COLUMNS = `workflow_id AS "workflowId", run_id AS "runId", type, status, failure,
  parent_id AS "parentId", started_at AS "startedAt", closed_at AS "closedAt",
  input->>'system' AS system,
  coalesce(input->>'from' || '..' || (input->>'to'), input->'test'->>'from', input->'current'->>'from') AS month,
  coalesce(result->>'version', input->>'version') AS model,
  status = 'failed'
    AND NOT EXISTS (SELECT FROM step_runs AS step
      WHERE step.workflow_id = workflow_runs.workflow_id AND step.run_id = workflow_runs.run_id)
    AND NOT EXISTS (SELECT FROM workflow_runs AS child
      WHERE child.parent_id = workflow_runs.workflow_id) AS rejected`;

/** Lists runs without inputs and results, newest first. */
export async function recordedRuns(db: Queryable, filter: RunFilter, limit: number): Promise<RecordedRun[]> {
  const { before, from, type, status, parentId, workflowId, system, month, model } = filter;
  return db.query<RecordedRun>(
    `SELECT * FROM (SELECT ${RUN_COLUMNS}, NULL AS input, NULL AS result FROM workflow_runs
       WHERE ($1::timestamptz IS NULL OR started_at < $1) AND ($2::timestamptz IS NULL OR started_at >= $2)
         AND ($3::text IS NULL OR type = $3) AND ($4::text IS NULL OR status = $4)
         AND ($5::text IS NULL OR parent_id = $5) AND ($6::text IS NULL OR workflow_id ILIKE $6)) AS runs
     WHERE ($7::text IS NULL OR system = $7) AND ($8::text IS NULL OR month LIKE $8)
       AND ($9::text IS NULL OR model = $9)
     ORDER BY "startedAt" DESC, "runId" DESC LIMIT $10`,
    [before, from, type, status, parentId, containing(workflowId), system, containing(month), model, limit],
  );
}

/** Returns a run with input and result. @param runId undefined means the newest run of the workflow id. */
export async function recordedRun(
  db: Queryable,
  workflowId: string,
  runId?: string,
): Promise<RecordedRun | undefined> {
  const [run] = await db.query<RecordedRun>(
    `SELECT ${RUN_COLUMNS}, input, result FROM workflow_runs
     WHERE workflow_id = $1 AND ($2::text IS NULL OR run_id = $2) ORDER BY started_at DESC LIMIT 1`,
    [workflowId, runId],
  );
  return run;
}

export interface RecordedStep {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly status: string;
  readonly failure: string | null;
  readonly worker: string | null;
  readonly startedAt: Date;
  readonly closedAt: Date | null;
}

/** Lists the last attempt of each step, sorted by start. */
export async function recordedSteps(
  db: Queryable,
  workflowId: string,
  runId: string,
): Promise<RecordedStep[]> {
  return db.query<RecordedStep>(
    `SELECT * FROM (
       SELECT DISTINCT ON (activity_id) activity_id AS id, activity AS name, attempt, status, failure, worker,
         started_at AS "startedAt", closed_at AS "closedAt"
       FROM step_runs WHERE workflow_id = $1 AND run_id = $2 ORDER BY activity_id, attempt DESC) AS steps
     ORDER BY "startedAt" LIMIT 5000`,
    [workflowId, runId],
  );
}

/** Returns when a version last became champion; undefined if no promotion of it is recorded. */
export async function promotedAt(db: Queryable, model: string, version: string): Promise<Date | undefined> {
  const [run] = await db.query<{ closedAt: Date }>(
    `SELECT closed_at AS "closedAt" FROM workflow_runs
     WHERE type = 'promotion' AND status = 'completed' AND input->>'model' = $1
       AND result->>'version' = $2 AND result->>'promote' = 'true'
     ORDER BY started_at DESC LIMIT 1`,
    [model, version],
  );
  return run?.closedAt;
}

/** Returns a LIKE pattern for texts that contain `part`, whose own wildcards are escaped. */
function containing(part: string | undefined): string | undefined {
  return part === undefined ? undefined : `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}
