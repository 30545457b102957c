/** Who is trained on which hours: the networks that predict, and beside them those that are kept from some hours to be judged by. */
import type { EnsembleMember } from './ensemble.ts';
import { randomSplitMask, weekBlockMasks } from './folds.ts';

/** Weeks are dealt out to this many folds in turn. */
export const FOLDS = 4;

/**
 * Networks a fold. An average of several errs less than one network, so the interval has to be calibrated on averages too; three
 * come within 2 % of the error of five.
 */
const FOLD_NETWORKS = 3;

/** Networks that are not shown a random fifth of the hours: for comparison only. */
const SPLIT_NETWORKS = 1;

/** Mask of the random split: the one after those of the folds. */
export const SPLIT_MASK = FOLDS;

export interface TrainingPlan {
  /** Those that see all rows come first. */
  readonly members: readonly EnsembleMember[];
  /** [FOLDS + 1, rows] */
  readonly masks: Uint8Array;
}

/** @param networks that predict; member m gets seed `seed` + m. */
export function planTraining(
  hours: readonly { readonly date: string }[],
  seed: number,
  networks: number,
): TrainingPlan {
  const folds = Array.from({ length: FOLDS * FOLD_NETWORKS }, (_, i) => i % FOLDS);
  const split = Array.from({ length: SPLIT_NETWORKS }, () => SPLIT_MASK);
  const masks = [...Array.from({ length: networks }, () => null), ...folds, ...split];
  return {
    members: masks.map((mask, m) => ({ seed: seed + m, mask })),
    masks: Uint8Array.of(...weekBlockMasks(hours, FOLDS), ...randomSplitMask(hours.length, seed)),
  };
}
