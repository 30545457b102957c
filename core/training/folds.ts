/**
 * Which hours are kept from which members of an ensemble. A mask has one number a row: 1 hides the row. Masks of several lie one
 * after the other: [masks, rows].
 */
import { epochDayOf } from '../../contracts/calendar.ts';
import { seededRandom, shuffledIndices } from '../random.ts';

/** Share of the hours that a random split hides: the fifth that people are used to. */
const RANDOM_SHARE = 0.2;

/** Keeps the split's random numbers apart from those of weights and shuffles under the same seed. */
const SPLIT_STREAM = 0x5e1ec7;

/**
 * One mask a fold: whole calendar weeks, Monday to Sunday, dealt out in turn, so that no neighbouring hour tells what a hidden one
 * was like.
 * @param hours in the order of the rows; at least `folds` weeks, else a fold hides nothing.
 */
export function weekBlockMasks(hours: readonly { readonly date: string }[], folds: number): Uint8Array {
  const masks = new Uint8Array(folds * hours.length);
  hours.forEach(({ date }, row) => {
    // Day 0 of the epoch was a Thursday; + 3 lets weeks begin on Monday.
    const fold = Math.floor((epochDayOf(date) + 3) / 7) % folds;
    masks[fold * hours.length + row] = 1;
  });
  return masks;
}

/** One mask that hides a random fifth of the rows, the same for a seed. */
export function randomSplitMask(rows: number, seed: number): Uint8Array {
  const mask = new Uint8Array(rows);
  const hidden = shuffledIndices(rows, seededRandom(seed, SPLIT_STREAM)).subarray(
    0,
    Math.round(rows * RANDOM_SHARE),
  );
  for (const row of hidden) mask[row] = 1;
  return mask;
}
