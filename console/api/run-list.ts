/** Lists runs: those that Temporal knows, completed by those that only the records still contain. */
import type { RunBody, RunQuery } from './schemas/runs.ts';
import type { Sources } from './sources.ts';
import { newestFirst } from './upstreams/run-index.ts';
import type { ForgottenRun } from './upstreams/records.ts';

type Filter = Pick<RunQuery, 'type' | 'state' | 'system' | 'month' | 'model' | 'parent' | 'q'>;

/** Sets the time in ms after which a record without an end counts as settled, if Temporal no longer knows the run. */
const SETTLES_MS = 60_000;

export async function listRuns(
  { upstreams, runs, records }: Sources,
  filter: Filter,
  limit: number,
  before: string | undefined,
): Promise<{ items: RunBody[] | null; nextBefore: string | null }> {
  const indexed = await upstreams.ask('temporal', () => runs.runs());
  const fromTemporal = (indexed ?? []).filter(
    (run) => matches(run, filter) && (before === undefined || run.startedAt < before),
  );
  const page = fromTemporal.slice(0, limit);
  // Older records than the page's last run belong to a later page.
  const from = page.length === limit ? page.at(-1)!.startedAt : undefined;
  const recorded = await upstreams.ask('postgres', () => records.runs(filter, { before, from }, limit * 4));
  if (indexed === null && recorded === null) return { items: null, nextBefore: null };
  // While Temporal is unavailable, the records list all runs, also those that it would know.
  const forgotten = (recorded ?? [])
    .filter((run) => indexed === null || !runs.has(run))
    .map((run) => asListed(run, indexed !== null));
  const merged = [...page, ...forgotten.filter((run) => matches(run, filter))].sort(newestFirst);
  const items = merged.slice(0, limit);
  const isFull = merged.length > limit || page.length === limit || (recorded?.length ?? 0) === limit * 4;
  return { items, nextBefore: isFull && items.length > 0 ? items.at(-1)!.startedAt : null };
}

/**
 * Converts a record to a run of the list.
 * @param temporalKnows true if Temporal answered and does not know the run.
 */
export function asListed(recorded: ForgottenRun, temporalKnows: boolean): RunBody {
  const { input: _input, result: _result, failureText: _failure, ...run } = recorded;
  const hasSettled = Date.now() - Date.parse(run.startedAt) > SETTLES_MS;
  // A terminated run records no end, and Temporal deletes only closed runs.
  return run.state === 'running' && temporalKnows && hasSettled ? { ...run, state: 'terminated' } : run;
}

function matches(run: RunBody, filter: Filter): boolean {
  return (
    (filter.type === undefined || run.type === filter.type) &&
    (filter.state === undefined || run.state === filter.state) &&
    (filter.system === undefined || run.system === filter.system) &&
    (filter.model === undefined || run.model === filter.model) &&
    (filter.parent === undefined || run.parentId === filter.parent) &&
    (filter.month === undefined || spans(run.month, filter.month)) &&
    (filter.q === undefined || run.workflowId.toLowerCase().includes(filter.q.toLowerCase()))
  );
}

/** Checks whether a span such as `2024-01..2024-06` contains a month such as 2024-03. */
function spans(months: string | undefined, month: string): boolean {
  if (months === undefined) return false;
  const [from = '', to = from] = months.split('..');
  return from <= month && month <= to;
}

/** Adds percent and stage to running runs. */
export async function withProgress({ upstreams, temporal }: Sources, items: RunBody[]): Promise<RunBody[]> {
  if (upstreams.isDown('temporal')) return items;
  return Promise.all(
    items.map(async (run) => {
      if (run.state !== 'running' || run.source !== 'temporal') return run;
      const progress = await temporal.progress(run.workflowId, run.runId);
      return progress ? { ...run, stage: progress.stage, percent: progress.percent } : run;
    }),
  );
}
