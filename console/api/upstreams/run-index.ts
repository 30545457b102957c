/**
 * Keeps Temporal's visibility as a list in memory, at most two seconds old. One small query refreshes it, however many pages are
 * open. Lists, the overview and live updates read it; Temporal stays the only source of truth. Nobody waits for more than one page of
 * Temporal's list: the first answer has the running runs and those that closed last, and further pages follow in the background.
 */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { shownMonths } from '../shown-months.ts';
import type { RunBody, RunState } from '../schemas/runs.ts';
import type { TemporalSource } from './temporal.ts';

const STALENESS_MS = 1_500;
/** Is the overlap of two queries, because visibility is written shortly after the event. */
const OVERLAP_MS = 15_000;
/** Sets the interval of full reloads, which remove deleted runs and add those that a small query missed. */
const RELOAD_MS = 10 * 60_000;
const RELOAD_AFTER_FAILURE_MS = 30_000;
/** Limits the size to about 10 MB; older runs come from the records. */
const MOST_RUNS = 20_000;

type Listing = Pick<TemporalSource, 'list'>;
export type RunListener = (changed: readonly RunBody[]) => void;

function keyOf({ workflowId, runId }: Pick<RunBody, 'workflowId' | 'runId'>): string {
  return `${workflowId}\n${runId}`;
}

export class RunIndex {
  readonly #temporal: Listing;
  readonly #byKey = new Map<string, RunBody>();
  readonly #listeners = new Set<RunListener>();
  #sorted: readonly RunBody[] | undefined;
  #refreshing: Promise<void> | undefined;
  /** Time of the newest refresh; 0 before the first. */
  #refreshedAt = 0;
  #isExpired = false;
  #reloading = false;
  #reloadAt = 0;

  constructor(temporal: Listing) {
    this.#temporal = temporal;
  }

  /**
   * Lists runs, newest first, at most `STALENESS_MS` old.
   * @throws if Temporal does not answer.
   */
  async runs(): Promise<readonly RunBody[]> {
    if (this.#isExpired || Date.now() - this.#refreshedAt > STALENESS_MS) {
      this.#refreshing ??= this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
      await this.#refreshing;
    }
    this.#sorted ??= [...this.#byKey.values()].sort(newestFirst);
    return this.#sorted;
  }

  has(run: Pick<RunBody, 'workflowId' | 'runId'>): boolean {
    return this.#byKey.has(keyOf(run));
  }

  /** Returns the newest run of a workflow id. */
  async newest(workflowId: string): Promise<RunBody | undefined> {
    return (await this.runs()).find((run) => run.workflowId === workflowId);
  }

  /**
   * Adds a listener.
   * @returns a function that removes it.
   */
  onChange(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the next read query Temporal, so that the user sees the effect of an action. */
  expire(): void {
    this.#isExpired = true;
  }

  async #refresh(): Promise<void> {
    const begun = Date.now();
    this.#isExpired = false;
    if (this.#refreshedAt === 0) {
      await this.#beginReload(begun);
    } else {
      const since = new Date(this.#refreshedAt - OVERLAP_MS).toISOString();
      const changed: RunBody[] = [];
      for await (const page of this.#temporal.list(
        `ExecutionStatus = 'Running' OR CloseTime > '${since}'`,
        MOST_RUNS,
      ))
        changed.push(...this.#merge(page, begun));
      if (changed.length > 0) for (const listener of this.#listeners) listener(changed);
      if (begun > this.#reloadAt && !this.#reloading) void this.#beginReload(begun).catch(() => undefined);
    }
    this.#refreshedAt = begun;
  }

  /** Resolves with the first page. The next pages and the removal of deleted runs follow in the background. */
  async #beginReload(begun: number): Promise<void> {
    this.#reloading = true;
    const before = [...this.#byKey.keys()];
    const seen = new Set<string>();
    const pages = this.#temporal.list('', MOST_RUNS);
    const read = async (): Promise<boolean> => {
      const page = await pages.next();
      if (page.done) return false;
      for (const info of page.value) seen.add(keyOf(info));
      this.#merge(page.value, begun);
      return true;
    };
    const readAll = async (): Promise<void> => {
      while (await read());
      for (const key of before) if (!seen.has(key)) this.#byKey.delete(key);
      this.#sorted = undefined;
    };
    const end = (waitMs: number): void => {
      this.#reloading = false;
      this.#reloadAt = Date.now() + waitMs;
    };
    try {
      await read();
    } catch (error) {
      end(RELOAD_AFTER_FAILURE_MS);
      throw error;
    }
    readAll().then(
      () => end(RELOAD_MS),
      () => end(RELOAD_AFTER_FAILURE_MS),
    );
  }

  /** Returns the runs that are new or changed. */
  #merge(found: readonly WorkflowExecutionInfo[], now: number): RunBody[] {
    const changed: RunBody[] = [];
    for (const info of found) {
      const run = runOf(info, now);
      const known = this.#byKey.get(keyOf(run));
      if (known && known.state === run.state && known.stage === run.stage && known.model === run.model) {
        known.durationMs = run.durationMs;
        continue;
      }
      this.#byKey.set(keyOf(run), run);
      changed.push(run);
    }
    if (changed.length > 0) this.#sorted = undefined;
    return changed;
  }
}

export function newestFirst(a: RunBody, b: RunBody): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return a.runId < b.runId ? 1 : -1;
}

const STATES: Readonly<Record<string, RunState>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
  CONTINUED_AS_NEW: 'continued',
};

function runOf(info: WorkflowExecutionInfo, now: number): RunBody {
  const attribute = (name: string): string | undefined => {
    const raw: unknown = info.raw?.searchAttributes?.indexedFields?.[name]?.data;
    return raw instanceof Uint8Array ? textOf(raw) : undefined;
  };
  const [system, month, model, stage] = [
    attribute('CitibikeSystem'),
    attribute('CitibikeMonth'),
    attribute('CitibikeModelVersion'),
    attribute('CitibikeStage'),
  ];
  return {
    workflowId: info.workflowId,
    runId: info.runId,
    type: info.type,
    state: STATES[info.status.name] ?? 'running',
    system,
    month: month && shownMonths(month),
    model,
    stage,
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime ? { closedAt: info.closeTime.toISOString() } : {}),
    durationMs: (info.closeTime?.getTime() ?? now) - info.startTime.getTime(),
    parentId: info.parentExecution?.workflowId ?? null,
    // Every workflow sets its stage with its first step.
    ...(info.status.name === 'FAILED' && stage === undefined ? { rejected: true } : {}),
    source: 'temporal',
  };
}

function textOf(json: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(json).toString('utf8'));
    return typeof value === 'string' ? value : Array.isArray(value) ? String(value[0]) : undefined;
  } catch {
    return undefined;
  }
}
