/** Builds the page of a run, from its history or, after Temporal has deleted it, from the records. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { RunBody, RunDetail, StepBody } from './schemas/runs.ts';
import { approvalIn } from './approvals.ts';
import { withAbandoned } from './abandoned-steps.ts';
import { OutcomeDetails } from './outcome-details.ts';
import { outcomeOf } from './outcome.ts';
import { artifactsOf } from './run-artifacts.ts';
import { asListed, withProgress } from './run-list.ts';
import type { Sources } from './sources.ts';
import { Cache } from './upstreams/cache.ts';
import { HistoryReader, MOST_STEPS_WITH_PAYLOADS, type HistorySummary } from './upstreams/history.ts';
import type { RawDescription } from './upstreams/temporal.ts';

const RUNNING_MS = 1_500;
/** Equals Temporal's number of this status (WorkflowExecutionStatus). */
const RUNNING = 1;

export class RunDetails {
  readonly #sources: Sources;
  readonly #details: OutcomeDetails;
  /** Summaries of closed histories, which never change. */
  readonly #closed = new Cache<HistorySummary>(Infinity, 30);
  readonly #running = new Cache<HistorySummary>(RUNNING_MS, 30);

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#details = new OutcomeDetails(sources);
  }

  /**
   * Returns null if neither Temporal nor Postgres answers.
   * @throws CitibikeError SOURCE_NOT_FOUND
   */
  async get(workflowId: string, runId?: string): Promise<RunDetail | null> {
    const { upstreams, runs } = this.#sources;
    const described = await this.#described(workflowId, runId);
    if (!described) return this.#fromRecords(workflowId, runId, described === undefined);
    const foundId = described.workflowExecutionInfo?.execution?.runId ?? '';
    const found = await upstreams.ask('temporal', async () => {
      // Visibility may lag behind a run that has just started.
      if (!runs.has({ workflowId, runId: foundId })) runs.expire();
      return (await runs.runs()).find((each) => each.workflowId === workflowId && each.runId === foundId);
    });
    const summary = await upstreams.ask('temporal', () => this.#history(workflowId, foundId, described));
    const run = found ?? barelyKnown(workflowId, foundId, described);
    return this.#detail(run, summary, described);
  }

  /**
   * Returns one step with its input and output.
   * @throws CitibikeError SOURCE_NOT_FOUND
   */
  async step(workflowId: string, runId: string | undefined, stepId: string): Promise<StepBody | null> {
    const { upstreams, temporal } = this.#sources;
    const described = await upstreams.ask('temporal', () => temporal.describe(workflowId, runId));
    const foundId = described?.workflowExecutionInfo?.execution?.runId;
    const summary =
      described &&
      foundId &&
      (await upstreams.ask('temporal', () => this.#history(workflowId, foundId, described)));
    if (!summary) return null;
    const step = summary.steps.find(({ id }) => id === stepId);
    if (!step) throw new CitibikeError('SOURCE_NOT_FOUND', `${workflowId} has no step ${showValue(stepId)}`);
    return step;
  }

  /**
   * Returns the run id and the steps of a run. Returns null if neither Temporal nor Postgres answers.
   * @throws CitibikeError SOURCE_NOT_FOUND
   */
  async steps(
    workflowId: string,
    runId?: string,
  ): Promise<{ runId: string; steps: readonly StepBody[] } | null> {
    const { upstreams, records } = this.#sources;
    const described = await this.#described(workflowId, runId);
    const foundId = described?.workflowExecutionInfo?.execution?.runId;
    const summary =
      described &&
      foundId &&
      (await upstreams.ask('temporal', () => this.#history(workflowId, foundId, described)));
    if (summary) return { runId: foundId, steps: summary.steps };
    const found = await upstreams.ask('postgres', async () => {
      const run = await records.run(workflowId, runId);
      return { run, steps: run ? await records.steps(workflowId, run.runId) : [] };
    });
    if (found && !found.run) throw unknownRun(workflowId, runId);
    return found?.run ? { runId: found.run.runId, steps: found.steps } : null;
  }

  /** Returns undefined for a run that Temporal does not keep, and null if Temporal does not answer. */
  #described(workflowId: string, runId: string | undefined): Promise<RawDescription | null | undefined> {
    const { upstreams, temporal } = this.#sources;
    return upstreams.ask('temporal', () =>
      temporal.describe(workflowId, runId).catch((error: unknown) => {
        if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
        throw error;
      }),
    );
  }

  #history(workflowId: string, runId: string, described: RawDescription): Promise<HistorySummary> {
    const isRunning = Number(described.workflowExecutionInfo?.status) === RUNNING;
    const cache = isRunning ? this.#running : this.#closed;
    return cache.get(`${workflowId} ${runId}`, async () => {
      const reader = new HistoryReader();
      for await (const events of this.#sources.temporal.history(workflowId, runId)) reader.read(events);
      return reader.summary(described);
    });
  }

  async #detail(run: RunBody, summary: HistorySummary | null, described: RawDescription): Promise<RunDetail> {
    const { upstreams, temporal, runs } = this.#sources;
    const isRunning = run.state === 'running';
    const [progress, all] = await Promise.all([
      isRunning ? temporal.progress(run.workflowId, run.runId) : null,
      upstreams.ask('temporal', () => runs.runs()),
    ]);
    const found = (all ?? []).filter(({ parentId }) => parentId === run.workflowId).slice(0, 200);
    const children = await withProgress(this.#sources, found);
    const approval = approvalIn(progress);
    const trimmed = (summary?.steps.length ?? 0) > MOST_STEPS_WITH_PAYLOADS;
    const taskQueue = described.executionConfig?.taskQueue?.name;
    const steps = summary && withAbandoned(run, summary.steps, children);
    return {
      ...(await this.#lead({
        run: progress ? { ...run, stage: progress.stage, percent: progress.percent } : run,
        input: summary?.input ?? null,
        result: summary?.result ?? null,
        failure: summary?.failure ?? [],
        steps,
        approval,
        children,
      })),
      steps: steps && (trimmed ? steps.map(withoutPayloads) : steps),
      edges: summary?.edges ?? [],
      trimmed,
      events: summary?.events ?? 0,
      progress: progress && { ...progress, steps: progress.steps.map((step) => ({ ...step })) },
      approval,
      children,
      taskQueue: taskQueue ?? undefined,
    };
  }

  /** Returns what the page of a run shows first. */
  async #lead(ended: Parameters<typeof outcomeOf>[0] & Pick<RunDetail, 'failure'>) {
    const { run, input, result, failure, steps } = ended;
    const known = outcomeOf(ended);
    const details = await this.#details.of(known.links);
    return {
      run,
      input,
      result,
      failure,
      outcome: {
        summary: known.summary,
        facts: [...known.facts, ...details.facts],
        links: [...known.links, ...details.links],
      },
      artifacts: artifactsOf(result, steps),
    };
  }

  async #fromRecords(
    workflowId: string,
    runId: string | undefined,
    temporalKnows: boolean,
  ): Promise<RunDetail | null> {
    const { upstreams, records } = this.#sources;
    const found = await upstreams.ask('postgres', async () => ({
      run: await records.run(workflowId, runId),
    }));
    if (!found) return null;
    const { run } = found;
    if (!run) throw unknownRun(workflowId, runId);
    const [steps, children] = await Promise.all([
      upstreams.ask('postgres', () => records.steps(workflowId, run.runId)),
      upstreams.ask('postgres', () => records.runs({ parent: workflowId }, {}, 200)),
    ]);
    const shown = asListed(run, temporalKnows);
    const childRuns = (children ?? []).map((child) => asListed(child, temporalKnows));
    const known = steps && withAbandoned(shown, steps, childRuns);
    return {
      ...(await this.#lead({
        run: shown,
        input: run.input ?? null,
        result: run.result ?? null,
        failure: run.failureText === null ? [] : [{ message: run.failureText, type: 'Failure' }],
        steps: known,
        approval: null,
        children: childRuns,
      })),
      steps: known,
      edges: [],
      trimmed: true,
      events: 0,
      progress: null,
      approval: null,
      children: childRuns,
    };
  }
}

function unknownRun(workflowId: string, runId: string | undefined): CitibikeError {
  return new CitibikeError(
    'SOURCE_NOT_FOUND',
    `there is no run ${showValue(workflowId)}${runId ? ` (${runId})` : ''}`,
  );
}

function withoutPayloads({ input: _input, output: _output, ...step }: StepBody): StepBody {
  return step;
}

/** Returns what the description alone says, until visibility has caught up. */
function barelyKnown(workflowId: string, runId: string, described: RawDescription): RunBody {
  const info = described.workflowExecutionInfo;
  const startedAt = Number(info?.startTime?.seconds ?? 0) * 1000;
  return {
    workflowId,
    runId,
    type: info?.type?.name ?? '',
    state: 'running',
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Date.now() - startedAt,
    parentId: info?.parentExecution?.workflowId ?? null,
    source: 'temporal',
  };
}
