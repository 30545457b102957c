/** Finds what registered versions refer to: by their own tags, and by those of their runs and of the searches behind them. */
import type { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { addressesIn } from './references.ts';

type Versions = Pick<MlflowClient, 'registry' | 'runs'>;

/** Names the tag with the MLflow run of the search that found a version's hyper-parameters. */
const SEARCH_RUN = 'citibike.search_run';
const WORKFLOW_ID = 'citibike.workflow_id';

export class VersionReferences {
  readonly #mlflow: Versions;
  readonly #artifactsBucket: string;
  readonly #known = new Set<string>();

  constructor(mlflow: Versions, artifactsBucket: string) {
    this.#mlflow = mlflow;
    this.#artifactsBucket = artifactsBucket;
  }

  /** Yields the addresses of versions that were registered since the last call. */
  async *changed(): AsyncGenerator<readonly string[]> {
    for (const { name } of await this.#mlflow.registry.searchModels()) {
      for (const version of await this.#mlflow.registry.searchVersions(name)) {
        const key = `${name}\n${version.version}`;
        if (this.#known.has(key)) continue;
        yield await this.#referencesOf(version);
        this.#known.add(key);
      }
    }
  }

  async #referencesOf({ runId, tags }: ModelVersion): Promise<string[]> {
    const { [SEARCH_RUN]: searchRun } = tags;
    const runs = await Promise.all([runId, searchRun].map((id) => this.#runOf(id)));
    const folders = runs.flatMap((run) => {
      const workflowId = run?.tags[WORKFLOW_ID];
      return workflowId === undefined ? [] : [`s3://${this.#artifactsBucket}/${workflowId}`];
    });
    return [...folders, ...addressesIn(JSON.stringify([tags, runs]))];
  }

  /** Returns undefined if the run was deleted. */
  async #runOf(runId: string | undefined) {
    if (!runId) return undefined;
    try {
      const { tags, params } = await this.#mlflow.runs.get(runId);
      return { tags, params };
    } catch (error) {
      if (error instanceof CitibikeError && error.code === 'MODEL_NOT_FOUND') return undefined;
      throw error;
    }
  }
}
