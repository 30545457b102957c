import type { AllowedSource, AllowList } from '../../adapters/sources/allow-list.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/**
 * Returns the address of a system's archives: that of the input, of the setting TRIPS_SOURCE, or of the system.
 * @throws CitibikeError as `AllowList.check`.
 */
export async function tripsSource(
  deps: ActivityDependencies,
  facts: SystemFacts,
  source: string | undefined,
): Promise<AllowedSource> {
  const { trips } = deps.sources;
  const field = source ? 'source.trips' : trips ? 'TRIPS_SOURCE' : 'trips.source';
  return (await sourcesOf(deps, facts)).check(source ?? trips ?? facts.trips.source, field);
}

/**
 * Returns the allowed addresses of a system. Its own source counts only as its file names it, because facts in the input of an
 * activity could name any address.
 */
export async function sourcesOf(
  { allowed, sources, systems }: ActivityDependencies,
  { id }: SystemFacts,
): Promise<AllowList> {
  if (sources.trips !== undefined) return allowed.sources;
  try {
    return allowed.sources.including((await systems.get(id)).trips.source);
  } catch (error) {
    // The file of a removed system names no source any more.
    if (error instanceof CitibikeError && error.code === 'INVALID_INPUT') return allowed.sources;
    throw error;
  }
}
