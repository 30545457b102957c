/** The activities of a search that train and rank; `recordTrials` is the registration stage's. */
import type { SearchActivities } from '../../contracts/activities/search.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { createCloseRung, createPlanSearch } from './plan-search.ts';
import { createRunTrials } from './run-trials.ts';
import { createLoadRows } from './search-files.ts';

export function createSearchActivities(
  deps: ActivityDependencies,
): Pick<SearchActivities, 'planSearch' | 'runTrials' | 'closeRung'> {
  const loadRows = createLoadRows(deps);
  return {
    planSearch: createPlanSearch(deps, loadRows),
    runTrials: createRunTrials(deps, loadRows),
    closeRung: createCloseRung(deps),
  };
}
