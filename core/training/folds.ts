/**
 * Makes the masks that hide hours from members of an ensemble. A mask has one number per row; 1 hides the row. Several masks form an
 * array [masks, rows].
 */
import { epochDayOf } from '../../contracts/calendar.ts';
import { seededRandom, shuffledIndices } from '../random.ts';

/** Is the share of the hours that a random split hides, as is common practice. */
const RANDOM_SHARE = 0.2;

/** Separates the random numbers of the split from those of weights and shuffles under the same seed. */
const SPLIT_STREAM = 0x5e1ec7;

/**
 * Returns one mask per fold. It assigns whole calendar weeks, Monday to Sunday, to folds in turn, so that visible neighbouring hours
 * do not reveal a hidden hour.
 * @param hours hours in the order of the rows. With fewer than `folds` weeks, some folds hide nothing.
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

/** Returns one mask that hides a random fifth of the rows. The seed determines the rows. */
export function randomSplitMask(rows: number, seed: number): Uint8Array {
  const mask = new Uint8Array(rows);
  const hidden = shuffledIndices(rows, seededRandom(seed, SPLIT_STREAM)).subarray(
    0,
    Math.round(rows * RANDOM_SHARE),
  );
  for (const row of hidden) mask[row] = 1;
  return mask;
}
