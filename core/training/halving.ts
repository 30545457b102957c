/** Implements successive halving (Jamieson & Talwalkar 2016) in synchronous rungs: the best trials of a rung train for longer. */
import type { ClosedRung, TrialScore } from '../../contracts/activities/search.ts';

/** Is the trial with the current hyper-parameters. It is never pruned, so the result of a search never scores worse than it. */
export const DEFAULT_TRIAL = 0;

/** Returns the epoch at which a trial of `epochs` epochs stops in `rung`. In the last rung, it trains for all epochs. */
export function stopEpoch(epochs: number, rung: number, rungs: number): number {
  return Math.max(1, Math.round(epochs / 2 ** (rungs - 1 - rung)));
}

/**
 * Ranks the trials of a rung and selects those that continue. The order of `scores` does not matter.
 * @param isLast means that no trial continues.
 */
export function closeRungOf(scores: readonly TrialScore[], reduction: number, isLast: boolean): ClosedRung {
  const ranking = [...scores].sort((a, b) => lossOf(a) - lossOf(b) || a.trial - b.trial);
  if (isLast) return { ranking, kept: [] };
  const trained = ranking.filter(({ rmse }) => rmse !== null).map(({ trial }) => trial);
  const places = Math.ceil(scores.length / reduction);
  const kept = trained.filter((trial, place) => place < places || trial === DEFAULT_TRIAL);
  return { ranking, kept };
}

/** Returns the largest finite number for a failed trial, because the difference of two infinities is NaN. */
function lossOf({ rmse }: TrialScore): number {
  return rmse ?? Number.MAX_VALUE;
}
