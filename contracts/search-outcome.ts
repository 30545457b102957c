/** Reads from the state of a search which trial is the best one, and how its trials ended. */
import type { BestTrial, ClosedRung, SearchPlan, SearchState, TrialCounts } from './activities/search.ts';

/** Returns the best trial of a finished search. Returns undefined for any other search. */
export function bestTrialOf(
  plan: Pick<SearchPlan, 'rungs' | 'trials'>,
  { closed }: Pick<SearchState, 'closed'>,
): BestTrial | undefined {
  const first = closed.length === plan.rungs ? closed.at(-1)?.ranking[0] : undefined;
  if (!first || first.rmse === null) return undefined;
  return { trial: first.trial, rmse: first.rmse, hyperParameters: plan.trials[first.trial]! };
}

export function trialCounts(rungs: number, closed: readonly ClosedRung[]): TrialCounts {
  const counts = { completed: 0, pruned: 0, failed: 0 };
  closed.forEach(({ ranking, kept }, rung) => {
    const scored = ranking.filter(({ rmse }) => rmse !== null).length;
    counts.failed += ranking.length - scored;
    if (rung === rungs - 1) counts.completed = scored;
    else counts.pruned += scored - kept.length;
  });
  return counts;
}
