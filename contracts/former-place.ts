/** Defines the place of models and data that name none. They were made when New York was the only place; systems/nyc.yaml agrees. */
import type { ModelSpec } from './model.ts';
import type { Place } from './systems.ts';

export const FORMER_PLACE: Place = {
  timeZone: 'America/New_York',
  latitude: 40.7128,
  longitude: -74.006,
  holidays: 'us-federal',
};

/** Lists the mean daily maximum of January to December in °F. */
export const FORMER_NORMAL_HIGHS: readonly number[] = [
  39.5, 42.2, 49.9, 61.8, 71.4, 79.7, 84.9, 83.3, 76.2, 64.5, 54.0, 44.3,
];

/** Returns the place whose clock, sun and holidays a model was trained with. */
export function placeOfModel({ place }: Pick<ModelSpec, 'place'>): Place {
  return place ?? FORMER_PLACE;
}

/** Returns the mean daily maximum of January to December in °F at the place of a model. */
export function normalHighsOfModel({ normalHighs }: Pick<ModelSpec, 'normalHighs'>): readonly number[] {
  return normalHighs ?? FORMER_NORMAL_HIGHS;
}
