/**
 * Wraps MLflow's REST API: one class per concern, and shortcuts for the most frequent calls. No maintained TypeScript client has a
 * model registry.
 */
import { userInfo } from 'node:os';
import { Artifacts } from './artifacts.ts';
import { Experiments } from './experiments.ts';
import { MlflowHttp, type MlflowConnection } from './mlflow-http.ts';
import { LoggedModels } from './logged-models.ts';
import { Registry, type ModelVersion } from './model-registry.ts';
import { Runs } from './runs.ts';

export class MlflowClient {
  readonly experiments: Experiments;
  readonly runs: Runs;
  readonly loggedModels: LoggedModels;
  readonly registry: Registry;
  readonly artifacts: Artifacts;

  constructor(connection: MlflowConnection) {
    const http = new MlflowHttp(connection);
    this.experiments = new Experiments(http);
    this.runs = new Runs(http, connection.username ?? systemUser());
    this.loggedModels = new LoggedModels(http);
    this.registry = new Registry(http);
    this.artifacts = new Artifacts(http);
  }

  /** Reads a version. @throws CitibikeError MODEL_NOT_FOUND if the model or the version does not exist. */
  async getVersion(model: string, version: string): Promise<ModelVersion> {
    return this.registry.getVersion(model, version);
  }

  /** Reads the version of an alias. @throws CitibikeError MODEL_NOT_FOUND if the model or the alias does not exist. */
  async getVersionByAlias(model: string, alias: string): Promise<ModelVersion> {
    return this.registry.getVersionByAlias(model, alias);
  }

  /** Lists all versions of a model with their aliases, oldest first; empty if the model does not exist. */
  async searchVersions(model: string): Promise<ModelVersion[]> {
    return this.registry.searchVersions(model);
  }

  /** Downloads every file of a version by its path (`model.json`, `weights.bin`, `spec.json`, `MLmodel`, ...), or those `wanted`. */
  async downloadModelFiles(
    model: string,
    version: string,
    signal?: AbortSignal,
    wanted?: (path: string) => boolean,
  ): Promise<Record<string, Uint8Array>> {
    return this.artifacts.download(await this.registry.filesUri(model, version), signal, wanted);
  }

  /** Writes a file into a run's artifacts, or replaces it. */
  async logArtifact(
    runId: string,
    path: string,
    bytes: Uint8Array,
    contentType?: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const { artifactUri } = await this.runs.get(runId);
    await this.artifacts.put(artifactUri, path, bytes, contentType, signal);
  }
}

/** Returns the user of this process. In containers, the user may have no name. */
function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
