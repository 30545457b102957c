/** A version in memory that has answered its golden request: the only kind that may ever serve. */
import { createHash } from 'node:crypto';
import type { PredictionSource } from '../adapters/postgres/prediction-block.ts';
import { isUnknownShape } from '../core/model/layers-format.ts';
import { parseModelFiles, type ServingModel } from '../core/model/serving-model.ts';

/** Files of a version by their path. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly model: ServingModel;
  readonly files: ModelFiles;
  /** SHA-256 over names and bytes of the files. */
  readonly digest: string;
  /** How its predictions are logged. */
  readonly loggedAs: PredictionSource;
}

/** A version that answers requests, or a share of them. */
export interface ServedModel extends LoadedModel {
  /** Null when it came from disk and no generation was read yet. */
  readonly generation: number | null;
  /** `disk`: from the last run, not yet compared with the registry, so it may be stale. */
  readonly source: 'registry' | 'disk';
  /** ISO time since when these weights answer here. */
  readonly since: string;
}

/**
 * Parses the files of a version and proves it by its golden request. TensorFlow.js is loaded for a network that we cannot compile, and only
 * then: it takes 60 MB, and ten times as long a row.
 * @throws CitibikeError BAD_MODEL
 */
export async function loadModel(name: string, version: string, files: ModelFiles): Promise<LoadedModel> {
  const model = await modelOf(files);
  const { system, synthetic } = model.spec.trainedOn;
  const loggedAs = { model: name, version, system: synthetic ? `${system}-synthetic` : system };
  return { name, version, model, files, digest: digestOfFiles(files), loggedAs };
}

async function modelOf(files: ModelFiles): Promise<ServingModel> {
  try {
    return parseModelFiles(files);
  } catch (error) {
    if (!isUnknownShape(error)) throw error;
    const { tensorflowPass } = await import('./tensorflow-pass.ts');
    return parseModelFiles(files, await tensorflowPass(files));
  }
}

export function digestOfFiles(files: ModelFiles): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(files).sort()) {
    const bytes = files[name]!;
    hash.update(`${name}\0${bytes.byteLength}\0`).update(bytes);
  }
  return hash.digest('hex');
}
