/** Identifies equal registrations, and creates objects once although an attempt may die or run twice. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { TrainingConfig } from '../../contracts/activities/train.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';

/** Names the tag on the run, the logged model and the version. */
export const EFFECT_KEY_TAG = 'citibike.effect_key';

/** Returns the effect key of a registration. Model name, folder, report and configuration identify one version. */
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
 * Returns the oldest object that `search` finds, or creates one. Searches again after the creation, so that a lost answer or two
 * creations at once give the same object.
 * @param search returns all objects, oldest first.
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
