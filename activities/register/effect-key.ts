/** What makes two registrations the same one, and how to make a thing once although the maker may die or run twice. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { TrainingConfig } from '../../contracts/activities/train.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';

/** Tag on the run, the logged model and the model version. */
export const EFFECT_KEY_TAG = 'citibike.effect_key';

/** The same model folder, judged the same way, under the same name, is one version. */
export function effectKeyOf(input: {
  model: string;
  folder: ArtifactRef;
  report: ArtifactRef;
  config: TrainingConfig;
}): string {
  return digestOf({
    model: input.model,
    folder: input.folder.sha256,
    report: input.report.sha256,
    config: input.config,
  });
}

/**
 * What `search` finds, or what `create` makes. Searches again after it made one, and takes the oldest: a maker whose answer got
 * lost, or two that made one at once, end with the same.
 * @param search all there are, oldest first.
 */
export async function findOrCreate<T>(
  search: () => Promise<readonly T[]>,
  create: () => Promise<T>,
): Promise<T> {
  const [found] = await search();
  if (found) return found;
  const made = await create();
  const [oldest] = await search();
  return oldest ?? made;
}
