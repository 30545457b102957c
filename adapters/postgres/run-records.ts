/**
 * Records runs, steps and lineage edges, which the console shows after Temporal has deleted its histories. Records never block the
 * work: a bounded queue retries while Postgres is unavailable. Dropped records are counted and logged.
 */
import type { Manifest } from '../../contracts/artifact.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { outgoingText } from '../../contracts/outgoing-text.ts';
import { boundedJson } from '../../contracts/show-value.ts';
import { UNANNOUNCED_START } from './console-audit.ts';
import type { Database } from './database.ts';

/** Is the search attribute that Temporal sets on runs of schedules. */
const BY_SCHEDULE = 'TemporalScheduledById';
const MAX_QUEUED = 10_000;
const RETRY_MS = 2_000;
/** Limits the number of characters of an input or a result. */
const MOST_JSON = 32_000;

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

export interface RunIdentity {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  /** Id of the previous run that this run continues. */
  readonly continuedFromExecutionRunId?: string | undefined;
  readonly searchAttributes?: Readonly<Record<string, unknown>> | undefined;
}

/** Represents the part of Temporal's activity info that is recorded. */
export interface StepIdentity {
  readonly activityId: string;
  readonly activityType: string;
  readonly attempt: number;
  readonly workflowExecution?: { readonly workflowId: string; readonly runId: string } | undefined;
}

export class RunRecorder {
  readonly #database: Database;
  readonly #worker: string;
  readonly #warn: (message: string) => void;
  readonly #queue: Statement[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;
  #dropped = 0;

  constructor(database: Database, worker: string, warn: (message: string) => void) {
    this.#database = database;
    this.#worker = worker;
    this.#warn = warn;
  }

  runStarted(run: RunIdentity, input: unknown, parentId: string | null): void {
    this.#enqueue(
      `INSERT INTO workflow_runs (workflow_id, run_id, type, status, input, parent_id)
       VALUES ($1, $2, $3, 'running', $4, $5) ON CONFLICT DO NOTHING`,
      [run.workflowId, run.runId, run.workflowType, recordedJson(input), parentId],
    );
    if (parentId === null && !run.continuedFromExecutionRunId && !run.searchAttributes?.[BY_SCHEDULE])
      this.#enqueue(UNANNOUNCED_START, [run.workflowId, run.runId, run.workflowType]);
  }

  runClosed(run: RunIdentity, status: string, result: unknown, failure: string | null): void {
    this.#enqueue(
      `INSERT INTO workflow_runs (workflow_id, run_id, type, status, result, failure, closed_at)
       VALUES ($1, $2, $3, $4, $5, $6, now())
       ON CONFLICT (workflow_id, run_id) DO UPDATE
       SET status = excluded.status, result = excluded.result, failure = excluded.failure, closed_at = excluded.closed_at`,
      [run.workflowId, run.runId, run.workflowType, status, recordedJson(result), recordedText(failure)],
    );
  }

  stepStarted(step: StepIdentity): void {
    if (!step.workflowExecution) return;
    const { workflowId, runId } = step.workflowExecution;
    this.#enqueue(
      `INSERT INTO step_runs (workflow_id, run_id, activity_id, activity, attempt, status, worker)
       VALUES ($1, $2, $3, $4, $5, 'running', $6) ON CONFLICT DO NOTHING`,
      [workflowId, runId, step.activityId, step.activityType, step.attempt, this.#worker],
    );
  }

  stepClosed(step: StepIdentity, status: 'completed' | 'cached' | 'failed', failure: string | null): void {
    if (!step.workflowExecution) return;
    const { workflowId, runId } = step.workflowExecution;
    this.#enqueue(
      `UPDATE step_runs SET status = $5, failure = $6, closed_at = now()
       WHERE workflow_id = $1 AND run_id = $2 AND activity_id = $3 AND attempt = $4`,
      [workflowId, runId, step.activityId, step.attempt, status, recordedText(failure)],
    );
  }

  artifactWritten(manifest: Manifest): void {
    for (const input of manifest.inputs) {
      this.#enqueue(
        `INSERT INTO lineage_edges (output_uri, input_uri, step, workflow_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [manifest.artifact.uri, input.uri, manifest.step, manifest.workflowId],
      );
    }
  }

  /** Writes the queued records, if Postgres accepts them. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  #enqueue(sql: string, values: readonly unknown[]): void {
    if (this.#queue.length >= MAX_QUEUED) {
      this.#queue.shift();
      this.#dropped += 1;
      if (this.#dropped === 1 || this.#dropped % 1_000 === 0) {
        this.#warn(`run records dropped because Postgres is unavailable: ${this.#dropped} so far`);
      }
    }
    this.#queue.push({ sql, values });
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      try {
        await this.#database.query(next.sql, next.values);
      } catch (error) {
        this.#warn(`run record not written: ${messageOf(error)}`);
        if (error instanceof CitibikeError && error.retryable) {
          if (this.#closed) break;
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
      }
      if (this.#queue[0] === next) this.#queue.shift();
    }
    this.#draining = undefined;
  }
}

/** Returns the JSON to record, without NUL characters, which Postgres cannot store. */
function recordedJson(value: unknown): string {
  return JSON.stringify(boundedJson(value, MOST_JSON)).replaceAll('\\u0000', '\\ufffd');
}

function recordedText(text: string | null): string | null {
  return text === null ? null : outgoingText(text);
}
