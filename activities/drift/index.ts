import type { DriftActivities } from '../../contracts/stages.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { checkDrift } from './check-drift.ts';
import { recordDrift } from './record-drift.ts';

export function createDriftActivities(deps: ActivityDependencies): DriftActivities {
  return { checkDrift: checkDrift(deps), recordDrift: recordDrift(deps) };
}
