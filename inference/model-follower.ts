/**
 * Keeps the served model of this process equal to the wanted one. Postgres names the wanted generation, and MLflow provides the
 * files. While either is unavailable, the last good model serves. A request reads `served` once and answers from it, so following
 * never delays it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { DesiredState, ServingProcess, CanaryState } from '../adapters/postgres/serving.ts';
import { FailedLoads, type LoadFailure } from './failed-loads.ts';
import type { LastGoodModel } from './last-good-model.ts';
import { loadModel, type LoadedModel, type ModelFiles, type ServedModel } from './loaded-model.ts';
import { CanaryRun } from './canary-run.ts';
import { Upstream, type UpstreamState } from './upstream.ts';

/** Represents the store of the wanted generation, to which the processes report: Postgres. */
interface ServingStore {
  desired(model: string): Promise<DesiredState | undefined>;
  report(process: ServingProcess): Promise<void>;
  remove(instanceId: string): Promise<void>;
}

/** Represents the source of a version's files: MLflow. */
export interface ModelSource {
  download(model: string, version: string, signal: AbortSignal): Promise<ModelFiles>;
  /** Rejects if the source does not answer. */
  ping(model: string, version: string): Promise<void>;
}

export interface ModelFollowerOptions {
  readonly model: string;
  readonly instanceId: string;
  /** Address of this process, for readers of the process table. */
  readonly address: string;
  readonly store: ServingStore;
  readonly source: ModelSource;
  readonly lastGood: LastGoodModel;
  /**
   * Minimum pause between two polls in milliseconds. A random pause of up to the same length is added, so that processes do not
   * poll in step.
   */
  readonly pollMs: number;
  readonly log: FastifyBaseLogger;
  readonly onSwap?: (served: ServedModel) => void;
  readonly onLoadFailure?: () => void;
  /** Called when a canary or shadow begins or ends in this process. */
  readonly onCanary?: () => void;
}

export type { ServedModel } from './loaded-model.ts';

export interface FollowerStatus {
  readonly served: ServedModel | undefined;
  readonly desiredVersion: string | null;
  readonly loading: string | null;
  /** The canary or shadow beside the served version. */
  readonly canary: CanaryState | null;
  readonly lastFailure: LoadFailure | undefined;
  readonly upstreams: { readonly postgres: UpstreamState; readonly mlflow: UpstreamState };
}

const PING_EVERY_MS = 15_000;
/** Sets the milliseconds without an answer of Postgres after which this process ends its canary, which may have been ended elsewhere. */
const CANARY_TRUST_MS = 30_000;
/** Sets the timeout for removing the row at shutdown. If it fails, the row expires. */
const REMOVE_TIMEOUT_MS = 2_000;

export class ModelFollower {
  readonly #options: ModelFollowerOptions;
  readonly #postgres: Upstream;
  readonly #mlflow: Upstream;
  readonly #stopping = new AbortController();
  readonly #failures = new FailedLoads();
  #wanted: DesiredState | undefined;
  #served: ServedModel | undefined;
  /** Versions that are loaded and proven besides the served one: the preloaded one and the canary. */
  readonly #beside = new Map<string, LoadedModel>();
  #canary: CanaryRun | undefined;
  #answeredAt = 0;
  #loading: { version: string; done: Promise<void> } | undefined;
  #saving: Promise<void> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();
  #wake = new AbortController();
  #pingedAt = 0;

  constructor(options: ModelFollowerOptions) {
    this.#options = options;
    this.#postgres = new Upstream('postgres', options.log);
    this.#mlflow = new Upstream('mlflow', options.log);
  }

  /** Returns the model to answer from. Read it once per request, because the next read may return another version. */
  get served(): ServedModel | undefined {
    return this.#served;
  }

  /** Returns the canary to route by, besides `served`. Read it once per request. */
  get canary(): CanaryRun | undefined {
    return this.#canary;
  }

  get status(): FollowerStatus {
    return {
      canary: this.#canary?.state ?? null,
      served: this.#served,
      desiredVersion: this.#wanted?.desiredVersion ?? null,
      loading: this.#loading?.version ?? null,
      lastFailure: this.#failures.last,
      upstreams: { postgres: this.#postgres.state, mlflow: this.#mlflow.state },
    };
  }

  /** Loads the version that the last run saved on disk, then follows in the background. Does not wait for any server. */
  async start(): Promise<void> {
    await this.#loadFromDisk();
    this.#loop = this.#follow();
  }

  /** Stops following and removes this process from the table. The served model stays in memory for requests in flight. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    await this.#loop;
    await this.#loading?.done;
    await this.#saving;
    const { store, instanceId, log } = this.#options;
    await this.#postgres
      .ask(() => store.remove(instanceId), REMOVE_TIMEOUT_MS)
      .catch((error: unknown) => log.warn({ err: error }, 'could not remove this process from the table'));
  }

  async #loadFromDisk(): Promise<void> {
    const { model, lastGood, log } = this.#options;
    try {
      const saved = await lastGood.read();
      if (!saved) return;
      const loaded = await loadModel(model, saved.version, saved.files);
      this.#serve(loaded, 'disk', saved.generation);
    } catch (error) {
      log.warn({ err: error }, 'the model saved on disk cannot be used; waiting for the registry');
    }
  }

  async #follow(): Promise<void> {
    const { model, store, pollMs, log } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#wake = new AbortController();
      try {
        this.#wanted = (await this.#postgres.ask(() => store.desired(model))) ?? this.#wanted;
        this.#answeredAt = Date.now();
        this.#advance();
        await this.#postgres.ask(() => store.report(this.#report()));
      } catch (error) {
        log.debug({ err: error }, 'poll failed');
        if (this.#wanted?.canary && Date.now() - this.#answeredAt > CANARY_TRUST_MS) {
          this.#wanted = { ...this.#wanted, canary: null };
          this.#advance();
        }
      }
      this.#ping();
      await sleep(pollMs * (1 + Math.random()), undefined, {
        signal: AbortSignal.any([this.#wake.signal, this.#stopping.signal]),
      }).catch(() => undefined);
    }
  }

  /** Takes one step from the served version towards the wanted one. Runs after every poll and every finished load. */
  #advance(): void {
    if (!this.#wanted) return;
    const { desiredVersion, preloadedVersion, canary, generation } = this.#wanted;
    const served = this.#served;
    if (desiredVersion !== null) {
      const loaded = this.#beside.get(desiredVersion);
      if (loaded) {
        this.#serve(loaded, 'registry', generation);
      } else {
        const same = served?.version === desiredVersion;
        if (same && served.generation !== generation) this.#served = { ...served, generation };
        // A version from disk has the wanted number; the registry must confirm its bytes.
        if (!same || served.source === 'disk') this.#load(desiredVersion);
      }
    }
    const beside = [preloadedVersion, canary?.version].filter(
      (version) => typeof version === 'string' && version !== this.#served?.version,
    );
    for (const version of this.#beside.keys()) if (!beside.includes(version)) this.#beside.delete(version);
    for (const version of beside) if (version && !this.#beside.has(version)) this.#load(version);
    this.#followCanary(canary);
    this.#failures.keepOnly([desiredVersion, ...beside]);
  }

  #followCanary(canary: CanaryState | null): void {
    const loaded = canary ? this.#beside.get(canary.version) : undefined;
    if (!canary || !loaded || !this.#served) {
      const wasOn = this.#canary !== undefined;
      this.#canary = undefined;
      if (wasOn) this.#options.onCanary?.();
    } else if (this.#canary?.state.id !== canary.id) {
      const { generation } = this.#served;
      const candidate = {
        ...loaded,
        generation,
        source: 'registry',
        since: new Date().toISOString(),
      } as const;
      this.#canary = new CanaryRun(canary, candidate);
      this.#options.log.info({ canary, served: this.#served.version }, 'canary or shadow begins');
      this.#options.onCanary?.();
    }
  }

  /** Starts loading a version beside the served one, unless a load is running or the version has just failed. */
  #load(version: string): void {
    if (this.#loading || this.#stopping.signal.aborted) return;
    if (this.#failures.mustWait(version)) return;
    const done = this.#fetchAndProve(version).finally(() => {
      this.#loading = undefined;
      this.#advance();
      this.#wake.abort();
    });
    this.#loading = { version, done };
  }

  async #fetchAndProve(version: string): Promise<void> {
    const { model, source, log } = this.#options;
    try {
      const files = await source.download(model, version, this.#stopping.signal);
      this.#mlflow.succeeded();
      this.#beside.set(version, await loadModel(model, version, files));
      this.#failures.succeeded(version);
      log.info({ model, version }, 'version loaded and proven by its golden request');
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#failed(version, error);
    }
  }

  #failed(version: string, error: unknown): void {
    const { permanent, attempts, retryMs } = this.#failures.add(version, error);
    if (!permanent) this.#mlflow.failed(error);
    this.#options.onLoadFailure?.();
    this.#options.log.error({ err: error, version, attempts, retryMs }, 'version could not be loaded');
  }

  /** Swaps the model in one assignment, so that every request sees the old model or the new one. */
  #serve(loaded: LoadedModel, source: ServedModel['source'], generation: number | null): void {
    const before = this.#served;
    const same = before?.version === loaded.version && before.digest === loaded.digest;
    const served = { ...loaded, source, generation, since: same ? before.since : new Date().toISOString() };
    this.#served = served;
    if (!same) {
      if (loaded.model.forwardPass === 'tensorflow') {
        this.#options.log.warn(
          { model: loaded.name, version: loaded.version },
          'the network has layers that cannot be compiled; TensorFlow.js computes them about ten times slower',
        );
      }
      this.#options.log.info(
        { model: loaded.name, version: loaded.version, from: before?.version, generation, source },
        'serving',
      );
    }
    this.#options.onSwap?.(served);
    if (source === 'registry') this.#save(served);
  }

  #save({ version, generation, files, digest }: ServedModel): void {
    const { lastGood, log } = this.#options;
    this.#saving = this.#saving
      .then(() => lastGood.write({ version, generation, files, digest }))
      .catch((error: unknown) =>
        log.error(
          { err: error, file: lastGood.file },
          'the served model could not be saved; a restart will need MLflow',
        ),
      );
  }

  #ping(): void {
    const { model, source } = this.#options;
    const version = this.#served?.version;
    if (!version || this.#loading || Date.now() - this.#pingedAt < PING_EVERY_MS) return;
    this.#pingedAt = Date.now();
    void this.#mlflow.ask(() => source.ping(model, version)).catch(() => undefined);
  }

  #report(): ServingProcess {
    const { instanceId, model, address } = this.#options;
    const preloaded = this.#wanted?.preloadedVersion;
    const failure = this.#failures.permanent;
    return {
      instanceId,
      model,
      address,
      pid: process.pid,
      generation: this.#served?.generation ?? null,
      servedVersion: this.#served?.version ?? null,
      provenVersion:
        typeof preloaded === 'string' && this.#beside.has(preloaded)
          ? preloaded
          : (this.#served?.version ?? null),
      failedVersion: failure?.version ?? null,
      failure: failure?.message ?? null,
      ...(this.#canary
        ? { traffic: { canaryId: this.#canary.state.id, counted: this.#canary.counted() } }
        : {}),
    };
  }
}
