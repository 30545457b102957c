import { DEFAULT_SYSTEM, modelOf, type SystemFacts, type SystemId } from '../../contracts/systems.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** Returns the facts that the run carries. A run that began before runs carried facts has only the id, or none. */
export async function factsOf(
  { systems }: Pick<ActivityDependencies, 'systems'>,
  { facts, system = DEFAULT_SYSTEM }: { readonly facts?: SystemFacts; readonly system?: SystemId },
): Promise<SystemFacts> {
  return facts ?? systems.get(system);
}

/** Returns the registered model of a system, unless the setting MODEL_NAME names one for all. */
export function modelFor(
  { modelOfAll }: Pick<ActivityDependencies, 'modelOfAll'>,
  facts: SystemFacts,
): string {
  return modelOfAll ?? modelOf(facts);
}

/** Returns the weather station of a system, unless the setting WEATHER_STATION names one for all. */
export function stationFor({ sources }: Pick<ActivityDependencies, 'sources'>, facts: SystemFacts): string {
  return sources.weatherStation ?? facts.weather.station;
}
