/** Reads MLflow for the console. A list takes one or two calls whatever its length, never one call per version. */
import type { MlflowClient } from '../../../adapters/mlflow/mlflow-client.ts';
import type { RegisteredModel, ModelVersion } from '../../../adapters/mlflow/model-registry.ts';
import type { Run } from '../../../adapters/mlflow/runs.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { parseShownJson } from '../shown-json.ts';
import type { ExperimentRun, RunFiles, VersionBody, VersionDetail } from '../schemas/models.ts';
import { Cache } from './cache.ts';

const FRESH_MS = 5_000;
/** Sets the time in ms that a list stays usable while a new one is fetched. MLflow takes a second to list a thousand versions. */
const STALE_MS = 25_000;
/** Limits the number of curves of a version; each metric takes one call. */
const MOST_CURVES = 8;
const CURVE_POINTS = 500;

type VersionFacts = Pick<VersionDetail, 'params' | 'curves' | 'lineage' | 'workflowId'>;

interface Curve {
  key: string;
  points: { step: number; value: number }[];
}

/**
 * Reports that the files of one run are unreadable; MLflow does not say whether S3 or the run is at fault.
 */
export class UnreadableFiles extends Error {}

export class RegistrySource {
  readonly #mlflow: MlflowClient;
  readonly #experiment: string;
  readonly #bucket: string;
  readonly #models = new Cache<RegisteredModel[]>(FRESH_MS, 1, STALE_MS);
  readonly #versions = new Cache<ModelVersion[]>(FRESH_MS, 20, STALE_MS);
  readonly #champions = new Cache<ModelVersion | undefined>(FRESH_MS, 20, STALE_MS);
  readonly #details = new Cache<VersionFacts>(60_000, 50);
  readonly #files = new Cache<RunFiles>(60_000, 50);
  readonly #experimentId = new Cache<string | undefined>(60_000, 1);

  /**
   * Creates the reader.
   * @param bucket bucket in which the tracking server stores artifacts.
   */
  constructor(mlflow: MlflowClient, experiment: string, bucket: string) {
    this.#mlflow = mlflow;
    this.#bucket = bucket;
    this.#experiment = experiment;
  }

  async ping(): Promise<void> {
    await this.#mlflow.experiments.idOf(this.#experiment);
  }

  /** Expires the lists after an action, so that the user sees its effect. */
  expire(): void {
    for (const cache of [this.#models, this.#versions, this.#champions]) cache.clear();
  }

  models(): Promise<RegisteredModel[]> {
    return this.#models.get('all', () => this.#mlflow.registry.searchModels());
  }

  /**
   * Lists versions, newest first.
   * @throws CitibikeError MODEL_NOT_FOUND
   */
  async versions(model: string): Promise<VersionBody[]> {
    const versions = await this.#versions.get(model, () => this.#mlflow.searchVersions(model));
    if (versions.length === 0 && !(await this.models()).some(({ name }) => name === model))
      throw new CitibikeError('MODEL_NOT_FOUND', `MLflow has no registered model ${showValue(model)}`);
    return versions.map(versionBody).reverse();
  }

  /** Returns the champion; undefined before the first promotion. */
  async champion(model: string): Promise<VersionBody | undefined> {
    const version = await this.#champions.get(model, async () => {
      try {
        return await this.#mlflow.getVersionByAlias(model, 'champion');
      } catch (error) {
        if (error instanceof CitibikeError && error.code === 'MODEL_NOT_FOUND') return undefined;
        throw error;
      }
    });
    return version && versionBody(version);
  }

  /**
   * Returns a version without its files.
   * @throws CitibikeError MODEL_NOT_FOUND
   */
  async version(model: string, version: string): Promise<VersionFacts & { version: VersionBody }> {
    const found = (await this.versions(model)).find((each) => each.version === version);
    if (!found) throw new CitibikeError('MODEL_NOT_FOUND', `MLflow has no version ${version} of ${model}`);
    const detail = await this.#details.get(`${model} ${version}`, () => this.#detailOf(found));
    return { ...detail, version: { ...found, metrics: { ...found.metrics } } };
  }

  async #detailOf(version: VersionBody): Promise<VersionFacts> {
    if (!version.runId) return { params: {}, curves: [], lineage: null, workflowId: null };
    const run = await this.#mlflow.runs.get(version.runId);
    return {
      params: { ...run.params },
      curves: await this.#curves(run),
      lineage: lineageOf(run.tags, version.tags),
      workflowId: run.tags['citibike.workflow_id'] ?? null,
    };
  }

  /**
   * Returns the files that a run logged. MLflow reads them from S3, and answers only 500 if that fails.
   * @throws UnreadableFiles
   */
  async files(runId: string): Promise<RunFiles> {
    return this.#files.get(runId, async () => {
      try {
        const run = await this.#mlflow.runs.get(runId);
        const artifacts = await this.#list(run);
        const evaluation = await this.#evaluation(run, artifacts);
        return { artifacts, evaluation, errorByHour: errorByHour(evaluation) };
      } catch (error) {
        if (!(error instanceof CitibikeError) || error.code !== 'UPSTREAM_UNAVAILABLE') throw error;
        throw new UnreadableFiles(`MLflow cannot read the files of run ${runId}`, { cause: error });
      }
    });
  }

  async #evaluation(run: Run, files: readonly { path: string }[]): Promise<unknown> {
    const file = files.find(({ path }) => path === 'evaluation.json' || path.endsWith('/evaluation.json'));
    if (!file) return null;
    const bytes = await this.#mlflow.artifacts.get(run.artifactUri, file.path);
    try {
      return parseShownJson(bytes);
    } catch {
      // The page of the run works without the evaluation.
      return null;
    }
  }

  async #list(run: Run) {
    const uri = bucketPathOf(run.artifactUri, this.#bucket);
    const files = await this.#mlflow.artifacts.list(run.artifactUri);
    return files.map(({ path, bytes }) => ({ path, uri: `${uri}/${path}`, bytes }));
  }

  async #curves(run: Run): Promise<Curve[]> {
    const keys = Object.keys(run.metrics)
      .filter((key) => /loss|learning_rate|val_|epoch/i.test(key))
      .slice(0, MOST_CURVES);
    return Promise.all(
      keys.map(async (key) => ({
        key,
        points: thinned(await this.#mlflow.runs.metricHistory(run.runId, key)),
      })),
    );
  }

  /** Returns one page of the experiment's runs. */
  async runs(page: {
    readonly sort: string;
    readonly order: 'asc' | 'desc';
    readonly q?: string | undefined;
    /** Omits runs that are nested in another, such as trials. */
    readonly topLevel?: boolean | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<{ items: ExperimentRun[]; next: string | null }> {
    const experimentId = await this.#id();
    if (experimentId === undefined) return { items: [], next: null };
    const { runs, nextPageToken } = await this.#mlflow.runs.search({
      experimentId,
      filter: [
        ...(page.q ? [`attributes.run_name ILIKE '%${page.q.replace(/['%\\]/g, '_')}%'`] : []),
        ...(page.topLevel ? ['tags.`mlflow.parentRunId` IS NULL'] : []),
      ].join(' AND '),
      orderBy: [`${columnOf(page.sort)} ${page.order === 'asc' ? 'ASC' : 'DESC'}`],
      limit: page.limit,
      pageToken: page.cursor,
    });
    return { items: runs.map(experimentRun), next: nextPageToken ?? null };
  }

  /**
   * Returns a run without its files.
   * @throws CitibikeError MODEL_NOT_FOUND
   */
  async run(runId: string) {
    const run = await this.#mlflow.runs.get(runId);
    const [curves, children] = await Promise.all([
      this.#curves(run),
      this.#mlflow.runs.searchByTag(run.experimentId, 'mlflow.parentRunId', runId),
    ]);
    return {
      run: experimentRun(run),
      tags: { ...run.tags },
      curves,
      children: children.map(experimentRun),
    };
  }

  /**
   * Returns a search by its own run or by that of a trial, and the number of the trial.
   * @throws CitibikeError MODEL_NOT_FOUND
   */
  async searchOf(runId: string): Promise<{ search: Run; trial: number | undefined }> {
    const run = await this.#mlflow.runs.get(runId);
    const parent = run.tags['mlflow.parentRunId'];
    if (run.tags['citibike.kind'] !== 'trial' || parent === undefined)
      return { search: run, trial: undefined };
    return { search: await this.#mlflow.runs.get(parent), trial: Number(run.tags['citibike.trial']) };
  }

  async #id(): Promise<string | undefined> {
    return this.#experimentId.get('id', () => this.#mlflow.experiments.idOf(this.#experiment));
  }
}

/** Converts `mlflow-artifacts:/...` to the same path in the bucket in which the stack's MLflow stores it. */
function bucketPathOf(artifactUri: string, bucket: string): string {
  const path = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.+?)\/*$/.exec(artifactUri)?.[1];
  return path === undefined ? artifactUri.replace(/\/+$/, '') : `s3://${bucket}/${path}`;
}

function columnOf(sort: string): string {
  const [, kind, name] = /^(metrics|params)\.(.+)$/.exec(sort) ?? [];
  if (kind && name) return `${kind}.\`${name}\``;
  const columns: Record<string, string> = {
    name: 'attributes.run_name',
    status: 'attributes.status',
    duration: 'attributes.end_time',
  };
  return columns[sort] ?? 'attributes.start_time';
}

const FIGURES = ['rmse', 'mae', 'r2', 'bias', 'mape', 'coverage'];

function versionBody(version: ModelVersion): VersionBody {
  const figures = FIGURES.map((name) => [name, Number(version.tags[name] ?? NaN)] as const);
  return {
    model: version.model,
    version: version.version,
    aliases: [...version.aliases],
    tags: { ...version.tags },
    description: version.description,
    createdAt: new Date(version.createdAt).toISOString(),
    runId: version.runId,
    // Registration writes the metrics as tags, so that a list of versions needs no call for each.
    metrics: Object.fromEntries(figures.filter(([, value]) => Number.isFinite(value))),
  };
}

function experimentRun(run: Run): ExperimentRun {
  return {
    runId: run.runId,
    name: run.tags['mlflow.runName'] ?? run.runId,
    status: run.status,
    startedAt: new Date(run.startedAt).toISOString(),
    durationMs: run.endedAt === undefined ? null : run.endedAt - run.startedAt,
    parentRunId: run.tags['mlflow.parentRunId'] ?? null,
    kind: run.tags['citibike.kind'] ?? null,
    trialState: run.tags['citibike.trial_state'] ?? null,
    workflowId: run.tags['citibike.workflow_id'] ?? null,
    params: { ...run.params },
    // MLflow shows the load of the machine over time; its last value says nothing about the run.
    metrics: Object.fromEntries(
      Object.entries(run.metrics).filter(
        ([key, value]) => Number.isFinite(value) && !key.startsWith('system/'),
      ),
    ),
  };
}

/** Returns at most `CURVE_POINTS` evenly spaced points, including the last. */
function thinned(values: readonly { step: number; value: number }[]) {
  const every = Math.max(1, Math.ceil(values.length / CURVE_POINTS));
  return values
    .filter((_, i) => i % every === 0 || i === values.length - 1)
    .map(({ step, value }) => ({ step, value }));
}

function errorByHour(evaluation: unknown) {
  const groups = (
    evaluation as { byHour?: Record<string, { rmse?: number; mae?: number; bias?: number }> } | null
  )?.byHour;
  return Object.entries(groups ?? {})
    .map(([hour, { rmse = 0, mae = 0, bias = 0 }]) => ({ hour: Number(hour), rmse, mae, bias }))
    .sort((a, b) => a.hour - b.hour);
}

/** Returns the address of the model folder, or else of the frame that it was trained on. */
function lineageOf(...tags: readonly Readonly<Record<string, string>>[]): string | null {
  const all = Object.assign({}, ...tags) as Record<string, string>;
  const uris = Object.entries(all).filter(([, value]) => value.startsWith('s3://'));
  const model = uris.find(([key]) => /model|folder/.test(key));
  return (model ?? uris[0])?.[1] ?? null;
}
