import type { Month } from '../../contracts/months.ts';
import { Random, seedOf } from '../../core/sample/random-numbers.ts';

const ROUNDS = 4;

/**
 * Returns a function from a number below 2^32 to a ride id of sixteen hexadecimal digits. Ids never repeat, within a file or between
 * months: random draws from 32-bit seeds would repeat among millions of rides, and a Feistel network is a bijection.
 */
export function rideIds(seed: number, system: string, month: Month): (number: number) => string {
  const keys = Array.from({ length: ROUNDS }, (_, round) => seedOf(seed, `ids ${system} ${round}`));
  const monthNumber = Number(month.replace('-', ''));
  const hex = (half: number) => half.toString(16).toUpperCase().padStart(8, '0');
  return (number) => {
    let [left, right] = [monthNumber, number];
    for (const key of keys) [left, right] = [right, (left ^ new Random(right ^ key).uint32()) >>> 0];
    return hex(left) + hex(right);
  };
}
