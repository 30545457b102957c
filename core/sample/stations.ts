/** Made-up stations. Ids look like the publisher's, so that reading them as numbers loses digits here too. */
import type { System } from '../../contracts/options.ts';
import { Random, seedOf } from './random.ts';

export interface Station {
  readonly id: string;
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
}

const COUNT = 60;
const NORTH_WEST: Readonly<Record<System, readonly [number, number]>> = {
  nyc: [40.7, -74.0],
  jc: [40.715, -74.07],
};

export function sampleStations(system: System, seed: number): Station[] {
  return makeStations(system, seed, COUNT, () => 6);
}

/** As many as the real systems had in 2024. */
const FULL_COUNT: Readonly<Record<System, number>> = { nyc: 2_200, jc: 85 };

/** The whole system. Real files write some positions to 14 digits: as many here that a row is as long as a real one, 219 bytes. */
export function fullSystemStations(system: System, seed: number): Station[] {
  return makeStations(system, seed, FULL_COUNT[system], (i) => (i % 4 === 0 ? 14 : 6));
}

function makeStations(
  system: System,
  seed: number,
  count: number,
  digitsOf: (index: number) => number,
): Station[] {
  const random = new Random(seedOf(seed, `stations ${system}`));
  const [lat, lng] = NORTH_WEST[system];
  return Array.from({ length: count }, (_, i) => ({
    id:
      system === 'jc'
        ? `JC${String(i + 1).padStart(3, '0')}`
        : `${5000 + 7 * i}.${String((i % 10) * 10).padStart(2, '0')}`,
    // A comma inside quotes would be fair; the publisher has an ampersand in most names.
    name: `Sample ${1 + (i % 12)} St & ${'ABCDE'[i % 5]} Ave ${i + 1}`,
    lat: (lat + 0.09 * random.uniform()).toFixed(digitsOf(i)),
    lng: (lng + 0.06 * random.uniform()).toFixed(digitsOf(i)),
  }));
}
