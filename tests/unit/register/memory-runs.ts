/** Keeps MLflow runs in memory, with the calls that the recording of a training makes. */
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import type { Metric } from '../../../adapters/mlflow/log-batches.ts';
import { fromPairs } from '../../../adapters/mlflow/pairs.ts';
import type { Run, Runs } from '../../../adapters/mlflow/runs.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

type StoredRun = { -readonly [K in keyof Run]: Run[K] } & { history: Metric[] };

export class MemoryRuns {
  readonly runs: StoredRun[] = [];
  /** Number of calls of `logBatch` with metrics. */
  batches = 0;
  /** True: no call is answered. */
  isDown = false;
  /** Number of batches that are stored although their answer is lost. */
  lostAnswers = 0;
  /** Delays batches with metrics. */
  slowBatch: Promise<void> | undefined;

  get dependencies(): ActivityDependencies {
    const experiments = { ensure: async () => this.#answer('0') };
    const database = { transaction: (work: (query: unknown) => Promise<void>) => work(async () => []) };
    const deps = {
      ...{ mlflow: { experiments, runs: this.#calls() }, database },
      ...{ experiment: 'test', codeVersion: 'test' },
    };
    return deps as unknown as ActivityDependencies;
  }

  #answer<T>(value: T): T {
    if (this.isDown) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'MLflow did not answer');
    return value;
  }

  #calls(): Pick<
    Runs,
    'create' | 'finish' | 'get' | 'logBatch' | 'metricHistory' | 'reopen' | 'searchByTag'
  > {
    const runOf = (runId: string) => this.#answer(this.runs.find((run) => run.runId === runId)!);
    return {
      searchByTag: async (_experiment, key, value) =>
        this.#answer(this.runs.filter(({ tags }) => tags[key] === value).map((run) => ({ ...run }))),
      create: async ({ startedAt, tags }) => {
        const run: StoredRun = {
          ...{ runId: `run-${this.runs.length + 1}`, experimentId: '0', status: 'RUNNING', startedAt, tags },
          ...{ artifactUri: '', params: {}, metrics: {}, outputs: [], history: [] },
        };
        this.runs.push(this.#answer(run));
        return run;
      },
      get: async (runId) => ({ ...runOf(runId) }),
      reopen: async (runId) => void (runOf(runId).status = 'RUNNING'),
      finish: async (runId, status, endedAt) => void Object.assign(runOf(runId), { status, endedAt }),
      metricHistory: async (runId, key) => runOf(runId).history.filter((metric) => metric.key === key),
      logBatch: async (runId, { metrics = [], params = [], tags = [] }) => {
        const run = runOf(runId);
        if (metrics.length > 0) await this.slowBatch;
        run.history.push(...metrics);
        run.metrics = {
          ...run.metrics,
          ...Object.fromEntries(metrics.map(({ key, value }) => [key, value])),
        };
        run.params = { ...run.params, ...fromPairs(params) };
        run.tags = { ...run.tags, ...fromPairs(tags) };
        if (metrics.length === 0) return;
        this.batches += 1;
        if (this.lostAnswers === 0) return;
        this.lostAnswers -= 1;
        throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'MLflow did not answer');
      },
    };
  }
}
