/** Reads and changes registered models: versions, aliases, tags. Aliases decide which version serves; tags only inform people. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { Call, MlflowHttp } from './mlflow-http.ts';
import { fromPairs, toPairs, type Pair } from './pairs.ts';

const BASE = '/api/2.0/mlflow';

export interface ModelVersion {
  readonly model: string;
  /** A number as text, as in MLflow. */
  readonly version: string;
  readonly runId: string;
  /** Logged model behind the version; empty for versions that were registered from a run's files. */
  readonly modelId: string;
  readonly source: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

interface RawVersion {
  readonly name: string;
  readonly version: string;
  readonly run_id?: string;
  readonly model_id?: string;
  readonly source?: string;
  readonly description?: string;
  readonly tags?: readonly Pair[];
  readonly aliases?: readonly string[];
  readonly creation_timestamp?: number | string;
}

export interface RegisteredModel {
  readonly name: string;
  /** Alias -> version. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** Number of the newest version; versions count from 1. */
  readonly newestVersion: number;
}

interface RawModel {
  readonly name: string;
  readonly aliases?: readonly { readonly alias: string; readonly version: string }[];
  readonly last_updated_timestamp?: number | string;
  readonly latest_versions?: readonly { readonly version: string }[];
}

export interface NewVersion {
  readonly model: string;
  readonly source: string;
  readonly runId: string;
  readonly modelId: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

export class Registry {
  readonly #http: MlflowHttp;

  constructor(http: MlflowHttp) {
    this.#http = http;
  }

  /** Creates the registered model unless it exists. */
  async ensureModel(model: string, description: string): Promise<void> {
    try {
      await this.#call('POST', 'registered-models/create', { name: model, description }, false);
    } catch (error) {
      if (!(error instanceof CitibikeError && error.code === 'CONFLICT')) throw error;
    }
  }

  /** Lists all registered models, sorted by name. */
  async searchModels(): Promise<RegisteredModel[]> {
    const models: RegisteredModel[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#get<{ registered_models?: readonly RawModel[]; next_page_token?: string }>(
        'registered-models/search',
        { max_results: 200, page_token: pageToken },
      );
      models.push(...(page.registered_models ?? []).map(parseModel));
      pageToken = page.next_page_token || undefined;
    } while (pageToken);
    return models;
  }

  /** Maps each alias of a model to its version. @throws CitibikeError MODEL_NOT_FOUND */
  async aliasesOf(model: string): Promise<Record<string, string>> {
    const { registered_model } = await this.#get<{
      registered_model: { aliases?: readonly { alias: string; version: string }[] };
    }>('registered-models/get', { name: model });
    return Object.fromEntries((registered_model.aliases ?? []).map(({ alias, version }) => [alias, version]));
  }

  /** Reads a version. @throws CitibikeError MODEL_NOT_FOUND */
  async getVersion(model: string, version: string): Promise<ModelVersion> {
    const answer = await this.#get<{ model_version: RawVersion }>('model-versions/get', {
      name: model,
      version,
    });
    return parseVersion(answer.model_version);
  }

  /** Reads the version of an alias. @throws CitibikeError MODEL_NOT_FOUND if the model or the alias does not exist. */
  async getVersionByAlias(model: string, alias: string): Promise<ModelVersion> {
    const answer = await this.#get<{ model_version: RawVersion }>('registered-models/alias', {
      name: model,
      alias,
    });
    return parseVersion(answer.model_version);
  }

  /** Lists the versions of a model, or those with a tag, oldest first; empty if the model does not exist. */
  async searchVersions(model: string, tag?: { key: string; value: string }): Promise<ModelVersion[]> {
    const filter = `name = ${quote(model)}${tag ? ` and tags.\`${tag.key}\` = ${quote(tag.value)}` : ''}`;
    const versions: ModelVersion[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#get<{ model_versions?: readonly RawVersion[]; next_page_token?: string }>(
        'model-versions/search',
        { filter, max_results: 1000, page_token: pageToken },
      );
      versions.push(...(page.model_versions ?? []).map(parseVersion));
      pageToken = page.next_page_token || undefined;
    } while (pageToken);
    if (versions.length === 0) return [];
    // MLflow's search omits aliases.
    const aliases = Object.entries(await this.aliasesOf(model));
    return versions
      .map((found) => ({
        ...found,
        aliases: aliases.filter(([, version]) => version === found.version).map(([alias]) => alias),
      }))
      .sort((a, b) => Number(a.version) - Number(b.version));
  }

  /** Creates a version. The call is not idempotent, so search for a unique tag before and after. */
  async createVersion(version: NewVersion): Promise<ModelVersion> {
    const answer = await this.#call<{ model_version: RawVersion }>(
      'POST',
      'model-versions/create',
      {
        name: version.model,
        source: version.source,
        run_id: version.runId,
        model_id: version.modelId,
        description: version.description,
        tags: toPairs(version.tags),
      },
      false,
    );
    return parseVersion(answer.model_version);
  }

  async describeVersion(model: string, version: string, description: string): Promise<void> {
    await this.#call('PATCH', 'model-versions/update', { name: model, version, description });
  }

  async tagVersion(model: string, version: string, tags: Readonly<Record<string, string>>): Promise<void> {
    for (const pair of toPairs(tags)) {
      await this.#call('POST', 'model-versions/set-tag', { name: model, version, ...pair });
    }
  }

  /** Sets the alias, and moves it if another version has it. */
  async setAlias(model: string, alias: string, version: string): Promise<void> {
    await this.#call('POST', 'registered-models/alias', { name: model, alias, version });
  }

  /** Deletes the alias, if it exists. */
  async deleteAlias(model: string, alias: string): Promise<void> {
    await this.#http.json({
      method: 'DELETE',
      path: `${BASE}/registered-models/alias`,
      query: { name: model, alias },
      json: { name: model, alias },
      idempotent: true,
    });
  }

  /** Returns the artifact URI of the version's files. */
  async filesUri(model: string, version: string): Promise<string> {
    const answer = await this.#get<{ artifact_uri: string }>('model-versions/get-download-uri', {
      name: model,
      version,
    });
    return answer.artifact_uri;
  }

  async deleteVersion(model: string, version: string): Promise<void> {
    await this.#call('DELETE', 'model-versions/delete', { name: model, version });
  }

  async deleteModel(model: string): Promise<void> {
    await this.#call('DELETE', 'registered-models/delete', { name: model });
  }

  async #get<T>(path: string, query: NonNullable<Call['query']>): Promise<T> {
    return this.#http.json<T>({ method: 'GET', path: `${BASE}/${path}`, query, idempotent: true });
  }

  async #call<T>(method: Call['method'], path: string, json: unknown, idempotent = true): Promise<T> {
    return this.#http.json<T>({ method, path: `${BASE}/${path}`, json, idempotent });
  }
}

function parseModel(raw: RawModel): RegisteredModel {
  return {
    name: raw.name,
    aliases: Object.fromEntries((raw.aliases ?? []).map(({ alias, version }) => [alias, version])),
    updatedAt: Number(raw.last_updated_timestamp ?? 0),
    newestVersion: Math.max(0, ...(raw.latest_versions ?? []).map(({ version }) => Number(version))),
  };
}

function parseVersion(raw: RawVersion): ModelVersion {
  return {
    model: raw.name,
    version: raw.version,
    runId: raw.run_id ?? '',
    // The answer may omit model_id; the source `models:/m-...` names it.
    modelId: raw.model_id || (/^models:\/(m-[^/]+)$/.exec(raw.source ?? '')?.[1] ?? ''),
    source: raw.source ?? '',
    description: raw.description ?? '',
    tags: fromPairs(raw.tags),
    aliases: raw.aliases ?? [],
    createdAt: Number(raw.creation_timestamp ?? 0),
  };
}

/** Quotes a value for MLflow's filter language, which has no escape. Names and digests never need one. */
export function quote(value: string): string {
  if (value.includes("'")) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `MLflow cannot search for ${showValue(value)}, which contains a quote: use a name without quotes`,
    );
  }
  return `'${value}'`;
}
