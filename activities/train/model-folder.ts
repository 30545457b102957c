/** A model folder as artifacts: one object a file, and a small JSON that lists them, which is what a reference to a model means. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ModelFolder } from '../../contracts/activities/train.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';

export const MODEL_FOLDER_SCHEMA_VERSION = 1;

/**
 * Every file of a model folder by its name, digests checked.
 * @param ref reference to the JSON of a `ModelFolder`, such as `TrainedModel.model`.
 * @throws CitibikeError CORRUPT_ARTIFACT when bytes are not those referred to, BAD_MODEL when the listing is of another kind.
 */
export async function readModelFolder(
  artifacts: ArtifactStore,
  ref: ArtifactRef,
): Promise<Record<string, Uint8Array>> {
  const folder = await artifacts.readJson<ModelFolder>(ref);
  if (folder.schemaVersion !== MODEL_FOLDER_SCHEMA_VERSION || typeof folder.files !== 'object') {
    throw new CitibikeError(
      'BAD_MODEL',
      `${ref.uri} is no listing of a model folder of version ${MODEL_FOLDER_SCHEMA_VERSION}`,
    );
  }
  const files = await Promise.all(
    Object.entries(folder.files).map(async ([name, file]) => [name, await artifacts.read(file)] as const),
  );
  return Object.fromEntries(files);
}
