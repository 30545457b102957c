/**
 * MLflow over REST, as thin as it can be: one part a concern, and at the top the calls that everybody makes. There is no
 * kept TypeScript client with a model registry.
 */
import { Artifacts } from './artifacts.ts';
import { Experiments } from './experiments.ts';
import { MlflowHttp, type MlflowConnection } from './http.ts';
import { LoggedModels } from './logged-models.ts';
import { Registry, type ModelVersion } from './registry.ts';
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
    this.runs = new Runs(http);
    this.loggedModels = new LoggedModels(http);
    this.registry = new Registry(http);
    this.artifacts = new Artifacts(http);
  }

  /** @throws CitibikeError MODEL_NOT_FOUND when the model or the version is not there. */
  async getVersion(model: string, version: string): Promise<ModelVersion> {
    return this.registry.getVersion(model, version);
  }

  /** @throws CitibikeError MODEL_NOT_FOUND when the model or the alias is not there. */
  async getVersionByAlias(model: string, alias: string): Promise<ModelVersion> {
    return this.registry.getVersionByAlias(model, alias);
  }

  /** All versions of a model, oldest first, with their aliases; empty when the model is not there. */
  async searchVersions(model: string): Promise<ModelVersion[]> {
    return this.registry.searchVersions(model);
  }

  /** Every file of a version (`model.json`, `weights.bin`, `spec.json`, `MLmodel`, ...) by its path, or those `wanted`. */
  async downloadModelFiles(
    model: string,
    version: string,
    signal?: AbortSignal,
    wanted?: (path: string) => boolean,
  ): Promise<Record<string, Uint8Array>> {
    return this.artifacts.download(await this.registry.filesUri(model, version), signal, wanted);
  }

  /** Writes a file into a run's artifacts; the same path again replaces it. */
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
