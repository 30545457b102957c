/** Plans which networks train on which hours: the networks that predict, and those that score hidden hours. */
import type { EnsembleMember } from './ensemble.ts';
import { randomSplitMask, weekBlockMasks } from './folds.ts';

/** Sets the number of folds that the weeks are assigned to in turn. */
export const FOLDS = 4;

/**
 * Counts the networks per fold. The model averages several networks, so its interval must be calibrated on averages too. The error of three
 * networks is within 2 % of the error of five.
 */
const FOLD_NETWORKS = 3;

/** Networks that a random fifth of the hours is hidden from, for comparison only. */
const SPLIT_NETWORKS = 1;

/** Is the index of the random split's mask, which follows those of the folds. */
export const SPLIT_MASK = FOLDS;

export interface TrainingPlan {
  /** Members that see all rows come first. */
  readonly members: readonly EnsembleMember[];
  /** [FOLDS + 1, rows] */
  readonly masks: Uint8Array;
}

/** @param networks number of networks that predict; member m gets seed `seed` + m. */
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
