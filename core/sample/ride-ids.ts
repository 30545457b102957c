/** Ride ids that never repeat, in one file or over the files of all months. */
import type { Month } from '../../contracts/months.ts';
import { Random, seedOf } from './random.ts';

const ROUNDS = 4;

/**
 * Sixteen hexadecimal digits for each month and number. Random draws would repeat: streams of 32-bit seeds overlap once in a while, and
 * millions of rides find out. A Feistel network is a bijection, so that two ids are the same for the same month and number only.
 * @returns the id of a number from 0 to 2^32 − 1.
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
