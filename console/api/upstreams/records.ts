/** What Postgres knows: runs that Temporal has forgotten, lineage, drift, who serves what. */
import type { Database } from '../../../adapters/postgres/database.ts';
import {
  desiredState,
  liveProcesses,
  type DesiredState,
  type ServingProcess,
} from '../../../adapters/postgres/serving.ts';
import { Cache } from './cache.ts';
import type { RunBody, RunQuery, RunState, StepBody } from '../schemas/runs.ts';

type Queryable = Pick<Database, 'query'>;

export interface RecordedRun extends RunBody {
  readonly input?: unknown;
  readonly result?: unknown;
  readonly failureText: string | null;
}

type RunRow = {
  workflow_id: string;
  run_id: string;
  type: string;
  status: string;
  input: unknown;
  result: unknown;
  failure: string | null;
  parent_id: string | null;
  started_at: Date;
  closed_at: Date | null;
  system: string | null;
  month: string | null;
  model: string | null;
};

/** What Temporal keeps as search attributes, as far as inputs and results tell. */
const RUN_COLUMNS = `workflow_id, run_id, type, status, failure, parent_id, started_at, closed_at,
  input->>'system' AS system,
  coalesce(input->>'from' || '..' || (input->>'to'), input->'test'->>'from', input->'current'->>'from') AS month,
  coalesce(result->>'version', input->>'version') AS model`;

/** A text inside LIKE, taken as it is. */
function likeOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export interface Boundary {
  /** ISO time; runs that started then or later were shown already. */
  readonly before: string;
}

/** Of live accuracy. */
const LIVE_DAYS = 28;
const LIVE_FRESH_MS = 60_000;
const LIVE_STALE_MS = 600_000;

export class Records {
  readonly #db: Queryable;
  readonly #live = new Cache<LiveAccuracy | undefined>(LIVE_FRESH_MS, 20, LIVE_STALE_MS);

  constructor(db: Queryable) {
    this.#db = db;
  }

  async ping(): Promise<void> {
    await this.#db.query('SELECT 1');
  }

  /** Newest first. */
  async runs(
    filter: Pick<RunQuery, 'type' | 'state' | 'system' | 'month' | 'model' | 'parent' | 'q'>,
    span: { readonly before?: string | undefined; readonly from?: string | undefined },
    limit: number,
  ): Promise<RecordedRun[]> {
    const rows = await this.#db.query<RunRow>(
      `SELECT * FROM (SELECT ${RUN_COLUMNS}, NULL AS input, NULL AS result FROM workflow_runs
         WHERE ($1::timestamptz IS NULL OR started_at < $1) AND ($2::timestamptz IS NULL OR started_at >= $2)
           AND ($3::text IS NULL OR type = $3) AND ($4::text IS NULL OR status = $4)
           AND ($5::text IS NULL OR parent_id = $5) AND ($6::text IS NULL OR workflow_id ILIKE $6)) AS runs
       WHERE ($7::text IS NULL OR system = $7) AND ($8::text IS NULL OR month LIKE $8)
         AND ($9::text IS NULL OR model = $9)
       ORDER BY started_at DESC, run_id DESC LIMIT $10`,
      [
        span.before ?? null,
        span.from ?? null,
        filter.type ?? null,
        filter.state ?? null,
        filter.parent ?? null,
        filter.q === undefined ? null : likeOf(filter.q),
        filter.system ?? null,
        filter.month === undefined ? null : likeOf(filter.month),
        filter.model ?? null,
        limit,
      ],
    );
    return rows.map(recordedRun);
  }

  /** The newest of an id, or the one named; with input and result. */
  async run(workflowId: string, runId?: string): Promise<RecordedRun | undefined> {
    const [row] = await this.#db.query<RunRow>(
      `SELECT ${RUN_COLUMNS}, input, result FROM workflow_runs
       WHERE workflow_id = $1 AND ($2::text IS NULL OR run_id = $2) ORDER BY started_at DESC LIMIT 1`,
      [workflowId, runId ?? null],
    );
    return row && recordedRun(row);
  }

  /** The last of each type that has ended, with its result. */
  async lastResults(): Promise<RecordedRun[]> {
    const rows = await this.#db.query<RunRow>(
      `SELECT DISTINCT ON (type) ${RUN_COLUMNS}, NULL AS input, result FROM workflow_runs
       WHERE closed_at IS NOT NULL ORDER BY type, started_at DESC`,
    );
    return rows.map(recordedRun);
  }

  /** The last attempt of each step, in order of their start. */
  async steps(workflowId: string, runId: string): Promise<StepBody[]> {
    const rows = await this.#db.query<StepRow>(
      `SELECT * FROM (SELECT DISTINCT ON (activity_id) activity_id, activity, attempt, status, failure, worker, started_at, closed_at
         FROM step_runs WHERE workflow_id = $1 AND run_id = $2 ORDER BY activity_id, attempt DESC) AS steps
       ORDER BY started_at LIMIT 5000`,
      [workflowId, runId],
    );
    return rows.map(stepOf);
  }

  /** Edges from or to any of the addresses. */
  async edges(uris: readonly string[], direction: 'up' | 'down', limit: number): Promise<LineageEdge[]> {
    const column = direction === 'up' ? 'output_uri' : 'input_uri';
    return this.#db.query<LineageEdge>(
      `SELECT input_uri AS "from", output_uri AS "to", step, workflow_id AS "workflowId"
       FROM lineage_edges WHERE ${column} = ANY($1) ORDER BY created_at LIMIT $2`,
      [uris, limit],
    );
  }

  async serving(model: string): Promise<{ desired: DesiredState | undefined; processes: ServingProcess[] }> {
    const [desired, processes] = await Promise.all([
      desiredState(this.#db, model),
      liveProcesses(this.#db, model),
    ]);
    return { desired, processes };
  }

  /** When the version last became champion; undefined where no promotion of it is on record. */
  async championSince(model: string, version: string): Promise<Date | undefined> {
    const [row] = await this.#db.query<{ closed_at: Date }>(
      `SELECT closed_at FROM workflow_runs
       WHERE type = 'promotion' AND status = 'completed' AND input->>'model' = $1
         AND result->>'version' = $2 AND result->>'promote' = 'true'
       ORDER BY started_at DESC LIMIT 1`,
      [model, version],
    );
    return row?.closed_at;
  }

  /**
   * How right a version was in service, over the newest days that published trips are known of. Reads the whole prediction log: it may
   * take seconds, and is kept for a minute.
   */
  async liveAccuracy(model: string, version: string): Promise<LiveAccuracy | undefined> {
    return this.#live.get(`${model} ${version}`, async () => {
      const [row] = await this.#db.query<LiveAccuracy>(
        `SELECT min(day)::text AS "from", max(day)::text AS "to", sum(n)::integer AS hours,
           sqrt(sum(n * rmse ^ 2) / sum(n)) AS rmse, sum(n * mae) / sum(n) AS mae, sum(n * bias) / sum(n) AS bias
         FROM (SELECT * FROM citibike_live_accuracy WHERE model = $1 AND version = $2 ORDER BY day DESC LIMIT $3) AS newest
         HAVING sum(n) > 0`,
        [model, version, LIVE_DAYS],
      );
      return row;
    });
  }

  /** The newest week of a version that was checked against published trips. */
  async checkedWeek(model: string, version: string): Promise<CheckedWeek | undefined> {
    const [row] = await this.#db.query<CheckedWeek>(
      `SELECT week, rmse_score_current AS rmse, mae_score_current AS mae, r2_score_current AS r2
       FROM drift_weeks WHERE model = $1 AND model_version = $2 AND rmse_score_current IS NOT NULL
       ORDER BY last_date DESC, recorded_at DESC LIMIT 1`,
      [model, version],
    );
    return row;
  }

  async drift(system: string | undefined, version: string | undefined) {
    const systems = await this.#db.query<{ system: string }>(
      'SELECT DISTINCT system FROM drift_weeks ORDER BY system DESC',
    );
    const chosen = system ?? systems[0]?.system ?? 'nyc';
    const [weeks, columns, decisions] = await Promise.all([
      this.#db.query(
        `SELECT * FROM (SELECT DISTINCT ON (week) * FROM drift_weeks
           WHERE system = $1 AND ($2::text IS NULL OR model_version = $2)
           ORDER BY week, recorded_at DESC, model, model_version DESC, reference_sha256) AS newest
         ORDER BY last_date LIMIT 520`,
        [chosen, version ?? null],
      ),
      this.#db.query<DriftColumn>(
        `SELECT newest.week, column_name AS "column", test, score, threshold, drifted
         FROM (SELECT DISTINCT ON (week) * FROM drift_weeks
           WHERE system = $1 AND ($2::text IS NULL OR model_version = $2)
           ORDER BY week, recorded_at DESC, model, model_version DESC, reference_sha256) AS newest
         JOIN drift_columns USING (system, model, model_version, reference_sha256, week)
         ORDER BY newest.last_date, column_name LIMIT 20000`,
        [chosen, version ?? null],
      ),
      this.decisions(chosen, version),
    ]);
    return { systems: systems.map((row) => row.system), weeks, columns, decisions };
  }

  async decisions(system?: string, version?: string, limit = 100) {
    const rows = await this.#db.query<DecisionRow>(
      `SELECT * FROM drift_decisions WHERE ($1::text IS NULL OR system = $1) AND ($2::text IS NULL OR model_version = $2)
       ORDER BY recorded_at DESC LIMIT $3`,
      [system ?? null, version ?? null, limit],
    );
    return rows.map((row) => ({
      system: row.system,
      model: row.model,
      version: row.model_version,
      decision: row.decision,
      reasons: row.reasons,
      referenceFrom: row.reference_from,
      referenceTo: row.reference_to,
      currentFrom: row.current_from,
      currentTo: row.current_to,
      weeks: row.weeks,
      driftedWeeks: row.drifted_weeks,
      reportUri: row.report_uri,
      htmlUri: row.html_uri,
      recordedAt: row.recorded_at.toISOString(),
    }));
  }
}

export type LineageEdge = { from: string; to: string; step: string; workflowId: string };
export type LiveAccuracy = {
  from: string;
  to: string;
  /** Hours predicted whose trips are known. */
  hours: number;
  /** Trips an hour. */
  rmse: number;
  mae: number;
  bias: number;
};
export type CheckedWeek = { week: string; rmse: number | null; mae: number | null; r2: number | null };
type DriftColumn = {
  week: string;
  column: string;
  test: string | null;
  score: number | null;
  threshold: number | null;
  drifted: boolean;
};
type DecisionRow = {
  system: string;
  model: string;
  model_version: string;
  decision: string;
  reasons: string[];
  reference_from: string;
  reference_to: string;
  current_from: string;
  current_to: string;
  weeks: number;
  drifted_weeks: number;
  report_uri: string;
  html_uri: string;
  recorded_at: Date;
};
type StepRow = {
  activity_id: string;
  activity: string;
  attempt: number;
  status: string;
  failure: string | null;
  worker: string | null;
  started_at: Date;
  closed_at: Date | null;
};

function recordedRun(row: RunRow): RecordedRun {
  const closed = row.closed_at;
  return {
    workflowId: row.workflow_id,
    runId: row.run_id,
    type: row.type,
    state: row.status as RunState,
    ...(row.system === null ? {} : { system: row.system }),
    ...(row.month === null ? {} : { month: row.month }),
    ...(row.model === null ? {} : { model: row.model }),
    startedAt: row.started_at.toISOString(),
    ...(closed ? { closedAt: closed.toISOString() } : {}),
    durationMs: (closed?.getTime() ?? Date.now()) - row.started_at.getTime(),
    parentId: row.parent_id,
    source: 'records',
    input: row.input,
    result: row.result,
    failureText: row.failure,
  };
}

function stepOf(row: StepRow): StepBody {
  const closed = row.closed_at;
  return {
    id: row.activity_id,
    name: row.activity,
    kind: 'activity',
    state: row.status === 'failed' ? 'failed' : row.status === 'running' ? 'running' : 'completed',
    attempt: row.attempt,
    scheduledAt: row.started_at.toISOString(),
    startedAt: row.started_at.toISOString(),
    ...(closed
      ? { closedAt: closed.toISOString(), durationMs: closed.getTime() - row.started_at.getTime() }
      : {}),
    cached: row.status === 'cached',
    ...(row.failure === null ? {} : { failure: [{ message: row.failure, type: 'Failure' }] }),
    ...(row.worker === null ? {} : { worker: row.worker }),
  };
}
