/** Creates and finds logged models, which hold the files and parameters of a model before and after it is registered. */
import type { Call, MlflowHttp } from './mlflow-http.ts';
import { fromPairs, toPairs, type Pair } from './pairs.ts';
import { quote } from './model-registry.ts';

const BASE = '/api/2.0/mlflow/logged-models';

export interface LoggedModel {
  /** `m-...` */
  readonly modelId: string;
  readonly artifactUri: string;
  readonly status: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewLoggedModel {
  readonly experimentId: string;
  readonly name: string;
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Parameters, set at creation because MLflow rejects a repeated parameter later. */
  readonly params: Readonly<Record<string, string>>;
}

interface RawLoggedModel {
  readonly info: {
    readonly model_id: string;
    readonly artifact_uri: string;
    readonly status?: string;
    readonly creation_timestamp_ms?: number | string;
    readonly tags?: readonly Pair[];
  };
}

export class LoggedModels {
  readonly #http: MlflowHttp;

  constructor(http: MlflowHttp) {
    this.#http = http;
  }

  /** Lists models with a tag, oldest first. */
  async searchByTag(experimentId: string, key: string, value: string): Promise<LoggedModel[]> {
    const answer = await this.#call<{ models?: readonly RawLoggedModel[] }>('POST', '/search', {
      experiment_ids: [experimentId],
      filter: `tags.\`${key}\` = ${quote(value)}`,
      max_results: 50,
      order_by: [{ field_name: 'creation_timestamp', ascending: true }],
    });
    const oldestFirst = (a: LoggedModel, b: LoggedModel) =>
      a.createdAt - b.createdAt || (a.modelId < b.modelId ? -1 : 1);
    return (answer.models ?? []).map(parse).sort(oldestFirst);
  }

  /** Creates a logged model. The call is not idempotent, so search for a unique tag before and after. */
  async create(model: NewLoggedModel): Promise<LoggedModel> {
    const answer = await this.#call<{ model: RawLoggedModel }>(
      'POST',
      '',
      {
        experiment_id: model.experimentId,
        name: model.name,
        source_run_id: model.runId,
        tags: toPairs(model.tags),
        params: toPairs(model.params),
      },
      false,
    );
    return parse(answer.model);
  }

  /** Marks the model as ready, once all its files are written. */
  async finalize(modelId: string): Promise<void> {
    await this.#call('PATCH', `/${modelId}`, { model_id: modelId, status: 'LOGGED_MODEL_READY' });
  }

  async delete(modelId: string): Promise<void> {
    await this.#call('DELETE', `/${modelId}`, { model_id: modelId });
  }

  async #call<T>(method: Call['method'], path: string, json: unknown, idempotent = true): Promise<T> {
    return this.#http.json<T>({ method, path: `${BASE}${path}`, json, idempotent });
  }
}

function parse(raw: RawLoggedModel): LoggedModel {
  return {
    modelId: raw.info.model_id,
    artifactUri: raw.info.artifact_uri,
    status: raw.info.status ?? '',
    createdAt: Number(raw.info.creation_timestamp_ms ?? 0),
    tags: fromPairs(raw.info.tags),
  };
}
