/** Generates synthetic stations. Their ids look like the publisher's and lose digits if read as numbers. */
import type { System } from '../../contracts/options.ts';
import { Random, seedOf } from './random-numbers.ts';

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

/** Numbers of stations of the real systems in 2024. */
const FULL_COUNT: Readonly<Record<System, number>> = { nyc: 2_200, jc: 85 };

/** Returns all stations. Positions have up to 14 digits as in real files, so that a row has the real length, 219 bytes. */
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
    // Most of the publisher's names contain an ampersand, but no comma.
    name: `Sample ${1 + (i % 12)} St & ${'ABCDE'[i % 5]} Ave ${i + 1}`,
    lat: (lat + 0.09 * random.uniform()).toFixed(digitsOf(i)),
    lng: (lng + 0.06 * random.uniform()).toFixed(digitsOf(i)),
  }));
}
