/** Reads and writes runs: parameters, metrics, tags, the data they read and the models they made. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { Call, MlflowHttp } from './mlflow-http.ts';
import { batchesOf, type Batch, type Metric } from './log-batches.ts';
import { fromPairs, toPairs, type Pair } from './pairs.ts';
import { quote } from './model-registry.ts';

const BASE = '/api/2.0/mlflow';

/** Is half of MLflow's default, so that a page of runs with their tags stays near 1 MB. */
const RUNS_PER_PAGE = 500;

export interface Run {
  readonly runId: string;
  readonly experimentId: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Absent while the run is active. */
  readonly endedAt?: number;
  /** `mlflow-artifacts:/...` */
  readonly artifactUri: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  /** The last value of each metric. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Ids of the logged models that the run made. */
  readonly outputs: readonly string[];
}

export interface NewRun {
  readonly experimentId: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Represents a data set that a run read. Its `digest` has at most 36 characters. */
export interface DatasetInput {
  readonly name: string;
  readonly digest: string;
  readonly uri: string;
  /** `training` or `testing`, for MLflow's UI. */
  readonly context: string;
  /** Type by column, for MLflow's UI. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows?: number;
}

interface RawRun {
  readonly info: {
    readonly run_id: string;
    readonly experiment_id: string;
    readonly status: string;
    readonly start_time?: number | string;
    readonly end_time?: number | string;
    readonly artifact_uri: string;
  };
  readonly data?: {
    readonly tags?: readonly Pair[];
    readonly params?: readonly Pair[];
    readonly metrics?: readonly { readonly key: string; readonly value: number }[];
  };
  readonly outputs?: { readonly model_outputs?: readonly { readonly model_id: string }[] };
}

export class Runs {
  readonly #http: MlflowHttp;
  readonly #user: string | undefined;

  /** @param user creator of new runs, which MLflow's UI shows. */
  constructor(http: MlflowHttp, user?: string) {
    this.#http = http;
    this.#user = user;
  }

  /** Reads a run. @throws CitibikeError MODEL_NOT_FOUND if it does not exist. */
  async get(runId: string): Promise<Run> {
    try {
      const answer = await this.#http.json<{ run: RawRun }>({
        method: 'GET',
        path: `${BASE}/runs/get`,
        query: { run_id: runId },
        idempotent: true,
      });
      return parseRun(answer.run);
    } catch (error) {
      if (!(error instanceof CitibikeError && error.details['errorCode'] === 'RESOURCE_DOES_NOT_EXIST'))
        throw error;
      throw new CitibikeError('MODEL_NOT_FOUND', `MLflow has no run ${runId}`, { runId }, { cause: error });
    }
  }

  /** Lists runs with a tag, oldest first. Runs of the same millisecond are ordered by id, so that all callers agree. */
  async searchByTag(experimentId: string, key: string, value: string): Promise<Run[]> {
    const runs: Run[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#http.json<{ runs?: readonly RawRun[]; next_page_token?: string }>({
        method: 'POST',
        path: `${BASE}/runs/search`,
        json: {
          experiment_ids: [experimentId],
          filter: `tags.\`${key}\` = ${quote(value)}`,
          order_by: ['attributes.start_time ASC'],
          max_results: RUNS_PER_PAGE,
          page_token: pageToken,
        },
        idempotent: true,
      });
      runs.push(...(page.runs ?? []).map(parseRun));
      pageToken = page.next_page_token || undefined;
    } while (pageToken);
    return runs.sort((a, b) => a.startedAt - b.startedAt || (a.runId < b.runId ? -1 : 1));
  }

  /** Reads one page of an experiment's runs. `orderBy` and `filter` are in MLflow's query language. */
  async search(page: {
    readonly experimentId: string;
    readonly filter?: string;
    readonly orderBy: readonly string[];
    readonly limit: number;
    readonly pageToken?: string | undefined;
  }): Promise<{ runs: Run[]; nextPageToken: string | undefined }> {
    const answer = await this.#post<{ runs?: readonly RawRun[]; next_page_token?: string }>('runs/search', {
      experiment_ids: [page.experimentId],
      filter: page.filter ?? '',
      order_by: page.orderBy,
      max_results: page.limit,
      page_token: page.pageToken,
    });
    return { runs: (answer.runs ?? []).map(parseRun), nextPageToken: answer.next_page_token || undefined };
  }

  /** Creates a run. The call is not idempotent, so search for a unique tag before and after. */
  async create(run: NewRun): Promise<Run> {
    const answer = await this.#post<{ run: RawRun }>(
      'runs/create',
      {
        experiment_id: run.experimentId,
        run_name: run.name,
        start_time: run.startedAt,
        tags: toPairs({ ...(this.#user === undefined ? {} : { 'mlflow.user': this.#user }), ...run.tags }),
      },
      false,
    );
    return parseRun(answer.run);
  }

  async finish(runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED', endedAt: number): Promise<void> {
    await this.#post('runs/update', { run_id: runId, status, end_time: endedAt });
  }

  /** Reopens a run that was abandoned and now resumes. */
  async reopen(runId: string): Promise<void> {
    await this.#post('runs/update', { run_id: runId, status: 'RUNNING' });
  }

  /** Hides the run from lists; `mlflow gc` removes it permanently. */
  async delete(runId: string): Promise<void> {
    await this.#post('runs/delete', { run_id: runId });
  }

  /**
   * Logs a batch in as many calls as MLflow's limits require. Parameters and tags may be sent again. Metrics append, so an activity
   * that may run twice checks `metricHistory` first.
   */
  async logBatch(runId: string, batch: Partial<Batch>): Promise<void> {
    for (const part of batchesOf(batch)) {
      const { metrics, params, tags } = part;
      await this.#post('runs/log-batch', { run_id: runId, metrics, params, tags }, metrics.length === 0);
    }
  }

  /** Lists every logged value of a metric, ordered by step. */
  async metricHistory(runId: string, key: string): Promise<Metric[]> {
    const values: Metric[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#http.json<{ metrics?: readonly RawMetric[]; next_page_token?: string }>({
        method: 'GET',
        path: `${BASE}/metrics/get-history`,
        query: { run_id: runId, metric_key: key, max_results: 25_000, page_token: pageToken },
        idempotent: true,
      });
      values.push(...(page.metrics ?? []).map(parseMetric));
      pageToken = page.next_page_token || undefined;
    } while (pageToken);
    return values.sort((a, b) => a.step - b.step);
  }

  /** Logs data sets. The call is idempotent, because MLflow keeps one entry per data set and run. */
  async logInputs(runId: string, inputs: readonly DatasetInput[]): Promise<void> {
    await this.#post('runs/log-inputs', {
      run_id: runId,
      datasets: inputs.map((input) => ({
        tags: [{ key: 'mlflow.data.context', value: input.context }],
        dataset: {
          name: input.name,
          digest: input.digest,
          source_type: 's3',
          source: JSON.stringify({ uri: input.uri }),
          schema: JSON.stringify({
            mlflow_colspec: Object.entries(input.columns).map(([name, type]) => ({
              name,
              type,
              required: true,
            })),
          }),
          profile: JSON.stringify(input.rows === undefined ? {} : { num_rows: input.rows }),
        },
      })),
    });
  }

  /** Links a logged model to the run that made it. MLflow rejects a repeated link, so check `Run.outputs` first. */
  async logOutput(runId: string, modelId: string): Promise<void> {
    await this.#post('runs/outputs', { run_id: runId, models: [{ model_id: modelId, step: 0 }] }, false);
  }

  async #post<T>(path: string, json: unknown, idempotent = true): Promise<T> {
    const call: Call = { method: 'POST', path: `${BASE}/${path}`, json, idempotent };
    return this.#http.json<T>(call);
  }
}

interface RawMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp?: number | string;
  readonly step?: number | string;
}

function parseMetric(raw: RawMetric): Metric {
  return {
    key: raw.key,
    value: raw.value,
    timestamp: Number(raw.timestamp ?? 0),
    step: Number(raw.step ?? 0),
  };
}

function parseRun(raw: RawRun): Run {
  return {
    runId: raw.info.run_id,
    experimentId: raw.info.experiment_id,
    status: raw.info.status,
    startedAt: Number(raw.info.start_time ?? 0),
    // A run that was opened again keeps its earlier end in MLflow.
    ...(raw.info.end_time && raw.info.status !== 'RUNNING' ? { endedAt: Number(raw.info.end_time) } : {}),
    artifactUri: raw.info.artifact_uri,
    tags: fromPairs(raw.data?.tags),
    params: fromPairs(raw.data?.params),
    metrics: Object.fromEntries((raw.data?.metrics ?? []).map(({ key, value }) => [key, value])),
    outputs: (raw.outputs?.model_outputs ?? []).map(({ model_id }) => model_id),
  };
}
