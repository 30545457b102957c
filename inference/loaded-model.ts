/** Loads a version into memory and proves it by its golden request. Only such a version may serve. */
import { createHash } from 'node:crypto';
import type { PredictionSource } from '../adapters/postgres/prediction-block.ts';
import { tensorflowNetwork } from '../adapters/tensorflow/tensorflow-network.ts';
import type { ModelFiles } from '../contracts/model.ts';
import { placeOfModel } from '../contracts/former-place.ts';
import { storedName } from '../contracts/stored-names.ts';
import { loadModelFiles, type ServingModel } from '../core/serving/serving-model.ts';

export type { ModelFiles } from '../contracts/model.ts';

export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly model: ServingModel;
  readonly files: ModelFiles;
  /** SHA-256 over names and bytes of the files. */
  readonly digest: string;
  /** Source under which its predictions are logged. */
  readonly loggedAs: Readonly<Record<'forecast' | 'whatIf', PredictionSource>>;
}

/** Represents a version that answers requests, or a share of them. */
export interface ServedModel extends LoadedModel {
  /** Null if the version came from disk and no generation was read yet. */
  readonly generation: number | null;
  /** `disk`: saved by the last run and not yet compared with the registry, so it may be stale. */
  readonly source: 'registry' | 'disk';
  /** ISO time since which these weights answer in this process. */
  readonly since: string;
}

/**
 * Parses the files of a version and proves it by its golden request.
 * @throws CitibikeError BAD_MODEL
 */
export async function loadModel(name: string, version: string, files: ModelFiles): Promise<LoadedModel> {
  const model = await loadModelFiles(files, tensorflowNetwork);
  const { system, synthetic } = model.spec.trainedOn;
  const { timeZone } = placeOfModel(model.spec);
  const source = { model: name, version, system: storedName(system, synthetic), timeZone };
  const loggedAs = { forecast: { ...source, isWhatIf: false }, whatIf: { ...source, isWhatIf: true } };
  return { name, version, model, files, digest: digestOfFiles(files), loggedAs };
}

export function digestOfFiles(files: ModelFiles): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) {
    const bytes = files[name]!;
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
  }
  return hash.digest('hex');
}
