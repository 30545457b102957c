/** Builds the overview: the newest run of each stage, the champion, and what needs a person. */
import type { Queryable } from '../../adapters/postgres/database.ts';
import { newestDecisions } from '../../adapters/postgres/drift-decisions.ts';
import { newestWeekErrors } from '../../adapters/postgres/drift-weeks.ts';
import type { LiveAccuracy } from '../../adapters/postgres/live-accuracy.ts';
import { promotedAt } from '../../adapters/postgres/recorded-runs.ts';
import { liveProcesses } from '../../adapters/postgres/serving.ts';
import { messageOf } from '../../contracts/errors.ts';
import { timedOutAfter } from '../../contracts/timed-out.ts';
import type { AttentionBody, ChampionBody, StageBody } from './schemas/overview.ts';
import type { RunBody } from './schemas/runs.ts';
import type { Sources } from './sources.ts';
import { headlineOf } from './headline.ts';
import { Cache } from './upstreams/cache.ts';
import { endOf } from './upstreams/history.ts';
import type { Attempt } from './upstreams/upstreams.ts';

type Stage = StageBody['stage'];

/** Maps each stage to its workflow, and to the steps of that workflow before and after the stage. */
const STAGES: readonly {
  readonly stage: Stage;
  readonly types: readonly string[];
  /** Steps during which the stage has not begun. */
  readonly before?: readonly string[];
  /** Steps during which the stage has finished. */
  readonly after?: readonly string[];
}[] = [
  { stage: 'fetch', types: ['ingest'], after: ['months', 'compose'] },
  { stage: 'preprocess', types: ['ingest'], before: ['list', 'weather'] },
  { stage: 'train', types: ['training'], after: ['register', 'approval', 'promotion'] },
  { stage: 'register', types: ['training'], before: ['frame', 'search', 'train', 'evaluate'] },
  { stage: 'deploy', types: ['deployment', 'promotion', 'rollback'] },
  { stage: 'drift', types: ['monitoring'] },
];

/** Maximum age in ms of failures that the overview shows. */
const RECENT_MS = 7 * 24 * 60 * 60_000;
const MOST_ATTENTION = 20;
/** Over a long prediction log the query takes seconds. The page says so, and shows the result on its next load. */
const LIVE_WAIT_MS = 400;

export class Overview {
  readonly #sources: Sources;
  /** Headlines of closed runs, which never change. */
  readonly #headlines = new Cache<string>(Infinity, 200);
  /** Reason why the newest query for live accuracy of each model failed. */
  readonly #liveFailures = new Map<string, string>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** @param system whose runs, decisions and champion are shown. Default: all runs, and the model that is served. */
  async get(system?: string) {
    const { upstreams, runs, modelFor } = this.#sources;
    const model = await modelFor(system);
    const [all, champion, nextScheduled, decisions] = await Promise.all([
      upstreams.ask('temporal', () => runs.runs()),
      this.#champion(model),
      this.#nextScheduled(),
      upstreams.ask('postgres', () =>
        newestDecisions(this.#sources.database, 1, system === undefined ? {} : { system }),
      ),
    ]);
    const recorded = all ?? (await upstreams.ask('postgres', () => this.#sources.records.runs({}, {}, 500)));
    // Rollouts, rollbacks and batch predictions name no system.
    const known = recorded?.filter((run) => !system || !run.system || run.system === system);
    return {
      loop: known ? await this.#loop(known) : null,
      champion,
      nextScheduled,
      attention: await this.#attention(known ?? [], decisions?.[0]),
      running: all ? all.filter(({ state }) => state === 'running').length : null,
    };
  }

  async #loop(runs: readonly RunBody[]): Promise<StageBody[]> {
    return Promise.all(
      STAGES.map(async ({ stage, types, before = [], after = [] }): Promise<StageBody> => {
        const candidates = runs.filter(({ type }) => types.includes(type));
        // A run that has not reached this stage is skipped in favour of the one before it.
        const run = candidates.find(
          ({ state, stage: at }) => state === 'completed' || !at || !before.includes(at),
        );
        if (!run) return { stage, state: 'never', lastRun: null, ageSeconds: null, headline: 'never run' };
        const isThrough = run.state !== 'completed' && run.stage !== undefined && after.includes(run.stage);
        const state = isThrough ? 'completed' : run.state;
        const at = run.closedAt ?? run.startedAt;
        return {
          stage,
          state,
          lastRun: {
            workflowId: run.workflowId,
            runId: run.runId,
            type: run.type,
            at,
            durationMs: run.durationMs,
          },
          ageSeconds: Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000)),
          headline: isThrough
            ? 'finished, but its run continues or failed later'
            : await this.#headline(stage, run),
        };
      }),
    );
  }

  async #headline(stage: Stage, run: RunBody): Promise<string> {
    if (run.state === 'running') return run.stage ? `at ${run.stage}` : 'running';
    const { upstreams, temporal, records } = this.#sources;
    const make = async (): Promise<string> => {
      const end =
        run.source === 'temporal'
          ? endOf(await temporal.lastEvent(run.workflowId, run.runId))
          : await records
              .run(run.workflowId, run.runId)
              .then((found) => ({ result: found?.result, failure: [{ message: found?.failureText ?? '' }] }));
      const failure = end?.failure.at(-1)?.message;
      return run.state === 'completed' ? headlineOf(stage, end?.result) : failure || run.state;
    };
    const name = run.source === 'temporal' ? 'temporal' : 'postgres';
    const found = await upstreams.ask(name, () =>
      this.#headlines.get(`${stage} ${run.workflowId} ${run.runId}`, make),
    );
    return found ?? run.state;
  }

  async #champion(model: string): Promise<ChampionBody | null> {
    const { upstreams, registry, database } = this.#sources;
    const found = await upstreams.ask('mlflow', async () => ({
      version: await registry.champion(model),
    }));
    const version = found?.version;
    if (!version) return null;
    const ask = <T>(call: (db: Queryable, model: string, version: string) => Promise<T>) =>
      upstreams.attempt('postgres', () => call(database, model, version.version));
    const [served, since, checkedWeek, liveAccuracy] = await Promise.all([
      ask((db, model) => liveProcesses(db, model)),
      ask(promotedAt),
      ask(newestWeekErrors),
      this.#liveAccuracy(model, version.version),
    ]);
    return {
      model: version.model,
      version: version.version,
      metrics: version.metrics,
      since: valueOf(since)?.toISOString() ?? null,
      served: (valueOf(served) ?? []).map(({ address, servedVersion }) => ({
        address,
        version: servedVersion,
      })),
      liveAccuracy: valueOf(liveAccuracy) ?? null,
      checkedWeek: valueOf(checkedWeek) ?? null,
      unknown: reasonsOf({ since, served, liveAccuracy, checkedWeek }),
    };
  }

  async #liveAccuracy(model: string, version: string): Promise<Attempt<LiveAccuracy | undefined>> {
    const { upstreams, records } = this.#sources;
    const found = await upstreams.attempt('postgres', () => {
      const work = records.liveAccuracy(model, version).then((value) => ({ value }));
      work.then(
        () => this.#liveFailures.delete(model),
        (error: unknown) => this.#liveFailures.set(model, messageOf(error)),
      );
      return withinMs(LIVE_WAIT_MS, work);
    });
    if ('reason' in found) return found;
    const late = `${timedOutAfter(LIVE_WAIT_MS)}; the query continues, refresh the page for its result`;
    return found.value ?? { reason: this.#liveFailures.get(model) ?? late };
  }

  async #nextScheduled() {
    const { upstreams, temporal } = this.#sources;
    const schedules = await upstreams.ask('temporal', () => temporal.listSchedules());
    return (
      schedules &&
      schedules
        .flatMap(({ scheduleId, action, info, state }) =>
          state.paused
            ? []
            : info.nextActionTimes.slice(0, 1).map((at) => ({
                scheduleId,
                workflow: action?.type === 'startWorkflow' ? action.workflowType : '',
                at: at.toISOString(),
              })),
        )
        .sort((a, b) => (a.at < b.at ? -1 : 1))
    );
  }

  async #attention(
    runs: readonly RunBody[],
    decision: { decision: string; system: string; reasons: string[]; recordedAt: Date } | undefined,
  ): Promise<AttentionBody[]> {
    const found: AttentionBody[] = [];
    for (const run of runs.filter(({ state, stage }) => state === 'running' && stage === 'approval')) {
      found.push({
        kind: 'approval',
        title: `${run.workflowId} waits for approval`,
        href: hrefOf(run),
        at: run.startedAt,
      });
    }
    if (decision && decision.decision !== 'keep') {
      found.push({
        kind: decision.decision === 'alert' ? 'alert' : 'drift',
        title: `drift of ${decision.system}: ${decision.decision}${decision.reasons[0] ? `, ${decision.reasons[0]}` : ''}`,
        href: '/drift',
        at: decision.recordedAt.toISOString(),
      });
    }
    // A later success of the same type settles a failure. A child's failure is reported by its parent.
    const settled = new Set<string>();
    for (const run of runs) {
      if (run.parentId !== null || Date.now() - Date.parse(run.startedAt) > RECENT_MS) continue;
      if (run.state === 'completed') settled.add(run.type);
      const failed = run.state === 'failed' || run.state === 'timed-out';
      if (!failed || settled.has(run.type)) continue;
      found.push({
        kind: 'failed-run',
        title: `${run.workflowId} ${run.state === 'failed' ? 'failed' : 'timed out'}`,
        href: hrefOf(run),
        at: run.closedAt,
      });
    }
    return found.slice(0, MOST_ATTENTION);
  }
}

function valueOf<T>(attempt: Attempt<T>): T | undefined {
  return 'value' in attempt ? attempt.value : undefined;
}

function reasonsOf(attempts: Readonly<Record<string, Attempt<unknown>>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attempts).flatMap(([name, attempt]) =>
      'reason' in attempt ? [[name, attempt.reason]] : [],
    ),
  );
}

/** Returns undefined on timeout; the work continues and fills its cache. */
async function withinMs<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function hrefOf(run: RunBody): string {
  return `/runs/${encodeURIComponent(run.workflowId)}?run=${encodeURIComponent(run.runId)}`;
}
