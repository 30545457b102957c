/** Builds the overview: what is served, the champion, the stages of the pipeline, and what needs a person. */
import type { Queryable } from '../../adapters/postgres/database.ts';
import { newestWeekErrors } from '../../adapters/postgres/drift-weeks.ts';
import type { LiveAccuracy } from '../../adapters/postgres/live-accuracy.ts';
import { promotedAt } from '../../adapters/postgres/recorded-runs.ts';
import { liveProcesses } from '../../adapters/postgres/serving.ts';
import { messageOf } from '../../contracts/errors.ts';
import { timedOutAfter } from '../../contracts/timed-out.ts';
import { attentionOf } from './attention.ts';
import { pipelineOf } from './pipeline.ts';
import { RunEnds } from './run-ends.ts';
import type { ChampionBody, ServingBody } from './schemas/overview.ts';
import type { Sources } from './sources.ts';
import type { Attempt } from './upstreams/upstreams.ts';

/** Over a long prediction log the query takes seconds. The page says so, and shows the result on its next load. */
const LIVE_WAIT_MS = 400;

export class Overview {
  readonly #sources: Sources;
  readonly #ends: RunEnds;
  /** Reason why the newest query for live accuracy of each model failed. */
  readonly #liveFailures = new Map<string, string>();

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#ends = new RunEnds(sources);
  }

  /** @param system whose runs, decisions and champion are shown. Default: all runs, and the model that is served. */
  async get(system?: string) {
    const { upstreams, runs, modelFor } = this.#sources;
    const model = await modelFor(system);
    const [all, champion, serving, nextScheduled] = await Promise.all([
      upstreams.ask('temporal', () => runs.runs()),
      this.#champion(model),
      this.#serving(),
      this.#nextScheduled(),
    ]);
    const recorded = all ?? (await upstreams.ask('postgres', () => this.#sources.records.runs({}, {}, 500)));
    // Rollouts, rollbacks and batch predictions name no system.
    const known = recorded?.filter((run) => !system || !run.system || run.system === system);
    const [loop, attention] = await Promise.all([
      known ? pipelineOf(known, this.#ends) : null,
      attentionOf(this.#sources, this.#ends, { model, system, runs: known ?? [], champion }),
    ]);
    return {
      loop,
      champion,
      serving,
      nextScheduled,
      attention,
      running: all ? all.filter(({ state }) => state === 'running').length : null,
    };
  }

  /** Returns null if the prediction service does not answer. */
  async #serving(): Promise<ServingBody | null> {
    const { upstreams, prediction } = this.#sources;
    return upstreams.ask('inference', async () => ({
      address: prediction.address,
      served: (await prediction.served()) ?? null,
    }));
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
