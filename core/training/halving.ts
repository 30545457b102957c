/** Successive halving (Jamieson & Talwalkar 2016) in synchronous rungs: many trials for a few epochs, the best of them for more. */
import type { ClosedRung, TrialScore } from '../../contracts/activities/search.ts';

/** Tried first, and never pruned: what is found is then never worse than what was there, on the search's own measure. */
export const DEFAULT_TRIAL = 0;

/** Epoch of its own schedule at which a trial of `epochs` stops in rung 0, 1, ..., `rungs` − 1; the last rung trains them all. */
export function stopEpoch(epochs: number, rung: number, rungs: number): number {
  return Math.max(1, Math.round(epochs / 2 ** (rungs - 1 - rung)));
}

/**
 * Ranks a rung and says who goes on. Depends on the scores alone, never on the order in which they came.
 * @param isLast nobody goes on.
 */
export function closeRungOf(scores: readonly TrialScore[], reduction: number, isLast: boolean): ClosedRung {
  const ranking = [...scores].sort((a, b) => lossOf(a) - lossOf(b) || a.trial - b.trial);
  if (isLast) return { ranking, kept: [] };
  const trained = ranking.filter(({ rmse }) => rmse !== null).map(({ trial }) => trial);
  const places = Math.ceil(scores.length / reduction);
  const kept = trained.filter((trial, place) => place < places || trial === DEFAULT_TRIAL);
  return { ranking, kept };
}

/** Largest finite number for a failed trial: the difference of two is 0, where that of infinities is not a number. */
function lossOf({ rmse }: TrialScore): number {
  return rmse ?? Number.MAX_VALUE;
}
