/** Generates synthetic stations. Their ids look like the publisher's and lose digits if read as numbers. */
import type { SystemFacts } from '../../contracts/systems.ts';
import { Random, seedOf } from './random-numbers.ts';

export interface Station {
  readonly id: string;
  /** Number from 1, which older archives have instead of the id. */
  readonly number: number;
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
}

/** Represents the facts that decide stations. */
export type StationFacts = Pick<SystemFacts, 'id' | 'latitude' | 'longitude' | 'sample'>;

/** Sets the size of the area of the stations in degrees. */
const HEIGHT = 0.09;
const WIDTH = 0.06;
const DEFAULT_COUNT = 60;

export function sampleStations(facts: StationFacts, seed: number): Station[] {
  return makeStations(facts, seed, facts.sample?.stations ?? DEFAULT_COUNT, () => 6);
}

/** @param digitsOf returns the decimals of the position of a station. */
export function makeStations(
  { id, latitude, longitude, sample }: StationFacts,
  seed: number,
  count: number,
  digitsOf: (index: number) => number,
): Station[] {
  const random = new Random(seedOf(seed, `stations ${id}`));
  const corner = sample?.corner ?? { latitude: latitude - HEIGHT / 2, longitude: longitude - WIDTH / 2 };
  return Array.from({ length: count }, (_, i) => ({
    id: stationId(sample?.stationIds, i),
    number: i + 1,
    // Most of the publisher's names contain an ampersand, but no comma.
    name: `Sample ${1 + (i % 12)} St & ${'ABCDE'[i % 5]} Ave ${i + 1}`,
    lat: (corner.latitude + HEIGHT * random.uniform()).toFixed(digitsOf(i)),
    lng: (corner.longitude + WIDTH * random.uniform()).toFixed(digitsOf(i)),
  }));
}

function stationId(form: string | undefined, index: number): string {
  if (form === undefined) return `${5000 + 7 * index}.${String((index % 10) * 10).padStart(2, '0')}`;
  return form.replace(/#+/, (digits) => String(index + 1).padStart(digits.length, '0'));
}
