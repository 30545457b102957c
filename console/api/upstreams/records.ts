/** Reads runs, live accuracy and drift from Postgres in the form of the console's answers. */
import type { Queryable } from '../../../adapters/postgres/database.ts';
import { newestDecisions } from '../../../adapters/postgres/drift-decisions.ts';
import { checkedColumns, checkedSystems, checkedWeeks } from '../../../adapters/postgres/drift-weeks.ts';
import { liveAccuracy, type LiveAccuracy } from '../../../adapters/postgres/live-accuracy.ts';
import {
  recordedRun,
  recordedRuns,
  recordedSteps,
  type RecordedRun,
  type RecordedStep,
  type RunFilter,
} from '../../../adapters/postgres/recorded-runs.ts';
import { DEFAULT_SYSTEM } from '../../../contracts/systems.ts';
import { Cache } from './cache.ts';
import { shownMonths } from '../shown-months.ts';
import type { RunBody, RunQuery, RunState, StepBody } from '../schemas/runs.ts';

/** Represents a run with the fields that only its own page shows. */
export interface ForgottenRun extends RunBody {
  readonly input?: unknown;
  readonly result?: unknown;
  readonly failureText: string | null;
}

/** Sets the number of days that live accuracy covers. */
const LIVE_DAYS = 28;
const LIVE_FRESH_MS = 60_000;
const LIVE_STALE_MS = 600_000;
const MOST_DECISIONS = 100;

export class Records {
  readonly #db: Queryable;
  readonly #live = new Cache<LiveAccuracy | undefined>(LIVE_FRESH_MS, 20, LIVE_STALE_MS);

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** Lists runs, newest first. */
  async runs(
    filter: Pick<RunQuery, 'type' | 'state' | 'system' | 'month' | 'model' | 'parent' | 'q'>,
    span: Pick<RunFilter, 'before' | 'from'>,
    limit: number,
  ): Promise<ForgottenRun[]> {
    const { state: status, parent: parentId, q: workflowId, ...same } = filter;
    const runs = await recordedRuns(this.#db, { ...same, ...span, status, parentId, workflowId }, limit);
    return runs.map(runOf);
  }

  /**
   * Returns a run with input and result.
   * @param runId undefined means the newest run of the workflow id.
   */
  async run(workflowId: string, runId?: string): Promise<ForgottenRun | undefined> {
    const run = await recordedRun(this.#db, workflowId, runId);
    return run && runOf(run);
  }

  /** Lists the last attempt of each step, sorted by start. */
  async steps(workflowId: string, runId: string): Promise<StepBody[]> {
    return (await recordedSteps(this.#db, workflowId, runId)).map(stepOf);
  }

  /** Returns the live accuracy of a version, cached for a minute because the query may take seconds. */
  async liveAccuracy(model: string, version: string): Promise<LiveAccuracy | undefined> {
    return this.#live.get(`${model} ${version}`, () => liveAccuracy(this.#db, model, version, LIVE_DAYS));
  }

  /**
   * Returns the newest drift checks.
   * @param system undefined means the first system that was checked.
   */
  async drift(system: string | undefined, version: string | undefined) {
    const systems = await checkedSystems(this.#db);
    const chosen = system ?? systems[0] ?? DEFAULT_SYSTEM;
    const [weeks, columns, decisions] = await Promise.all([
      checkedWeeks(this.#db, chosen, version),
      checkedColumns(this.#db, chosen, version),
      newestDecisions(this.#db, MOST_DECISIONS, { system: chosen, version }),
    ]);
    return {
      systems,
      weeks: weeks.map((week) => ({ ...week })),
      columns,
      decisions: decisions.map(({ recordedAt, ...decision }) => ({
        ...decision,
        recordedAt: recordedAt.toISOString(),
      })),
    };
  }
}

function runOf({
  status,
  system,
  month,
  model,
  startedAt,
  closedAt,
  failure,
  rejected,
  ...run
}: RecordedRun): ForgottenRun {
  return {
    ...run,
    state: status as RunState,
    ...(system === null ? {} : { system }),
    ...(month === null ? {} : { month: shownMonths(month) }),
    ...(model === null ? {} : { model }),
    startedAt: startedAt.toISOString(),
    ...(closedAt ? { closedAt: closedAt.toISOString() } : {}),
    durationMs: (closedAt?.getTime() ?? Date.now()) - startedAt.getTime(),
    ...(rejected ? { rejected } : {}),
    source: 'records',
    failureText: failure,
  };
}

function stepOf({ id, name, attempt, status, failure, worker, startedAt, closedAt }: RecordedStep): StepBody {
  return {
    id,
    name,
    kind: 'activity',
    state: status === 'failed' || status === 'running' ? status : 'completed',
    attempt,
    scheduledAt: startedAt.toISOString(),
    startedAt: startedAt.toISOString(),
    ...(closedAt
      ? { closedAt: closedAt.toISOString(), durationMs: closedAt.getTime() - startedAt.getTime() }
      : {}),
    cached: status === 'cached',
    ...(failure === null ? {} : { failure: [{ message: failure, type: 'Failure' }] }),
    ...(worker === null ? {} : { worker }),
  };
}
