import type { RegisterActivities } from '../../contracts/activities/register.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { archiveCandidate, pointChampion, readAliases, resolveVersion, restoreAliases } from './aliases.ts';
import { compareWithChampion } from './compare-with-champion.ts';
import { checkRefit, declareRefit } from './refit.ts';
import { registerCandidate } from './register-candidate.ts';
import { endTrainingRuns } from './training-run.ts';
import { checkRollback, resolveRollback } from './rollback-target.ts';

export function createRegisterActivities(deps: ActivityDependencies): RegisterActivities {
  return {
    registerCandidate: (input) => registerCandidate(deps, input),
    endTrainingRuns: (input) => endTrainingRuns(deps, input),
    compareWithChampion: (input) => compareWithChampion(deps, input),
    declareHeir: (input) => declareRefit(deps, input),
    checkHeir: (input) => checkRefit(deps, input),
    resolveRollback: (input) => resolveRollback(deps, input),
    checkRollback: (input) => checkRollback(deps, input),
    readAliases: (input) => readAliases(deps, input),
    pointChampion: (input) => pointChampion(deps, input),
    restoreAliases: (input) => restoreAliases(deps, input),
    archiveCandidate: (input) => archiveCandidate(deps, input),
    resolveVersion: (input) => resolveVersion(deps, input),
  };
}
