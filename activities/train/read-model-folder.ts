/** Stores a model folder as one object per file and a JSON list. A reference to a model refers to the list. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ModelFolder } from '../../contracts/activities/train.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';

export const MODEL_FOLDER_SCHEMA_VERSION = 1;

/**
 * Reads every file of a model folder by its name, and checks the digests.
 * @param ref reference to the JSON of a `ModelFolder`, such as `TrainedModel.model`.
 * @throws CitibikeError CORRUPT_ARTIFACT if a digest does not match, BAD_MODEL if the list has another schema version.
 */
export async function readModelFolder(
  artifacts: ArtifactStore,
  ref: ArtifactRef,
): Promise<Record<string, Uint8Array>> {
  const folder = await artifacts.readJson<ModelFolder>(ref);
  if (folder.schemaVersion !== MODEL_FOLDER_SCHEMA_VERSION || typeof folder.files !== 'object') {
    throw new CitibikeError(
      'BAD_MODEL',
      `${ref.uri} has another schema version, expected the list of a model folder of version ${MODEL_FOLDER_SCHEMA_VERSION}`,
    );
  }
  const files = await Promise.all(
    Object.entries(folder.files).map(async ([name, file]) => [name, await artifacts.read(file)] as const),
  );
  return Object.fromEntries(files);
}
