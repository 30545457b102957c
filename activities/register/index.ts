import type { RegisterActivities } from '../../contracts/stages.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { archiveCandidate, pointChampion, resolveVersion } from './aliases.ts';
import { compareWithChampion } from './compare-with-champion.ts';
import { registerCandidate } from './register-candidate.ts';

export function createRegisterActivities(deps: ActivityDependencies): RegisterActivities {
  return {
    registerCandidate: (input) => registerCandidate(deps, input),
    compareWithChampion: (input) => compareWithChampion(deps, input),
    pointChampion: (input) => pointChampion(deps, input),
    archiveCandidate: (input) => archiveCandidate(deps, input),
    resolveVersion: (input) => resolveVersion(deps, input),
  };
}
