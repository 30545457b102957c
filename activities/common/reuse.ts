/** The step cache, but only where what it points at is still there: retention or a reset may have taken it. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { ArtifactStore } from '../../adapters/s3/artifact-store.ts';

export async function cachedIfPresent<T extends object>(
  artifacts: ArtifactStore,
  stage: string,
  key: unknown,
  use: boolean,
  refOf: (value: T) => ArtifactRef,
  make: () => Promise<T>,
): Promise<{ value: T; cached: boolean }> {
  const found = await artifacts.cached(stage, key, use, make);
  if (!found.cached || (await artifacts.has(refOf(found.value).uri))) return found;
  return artifacts.cached(stage, key, false, make);
}
