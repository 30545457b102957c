import type { DriftActivities } from '../../contracts/activities/drift.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { checkDrift } from './check-drift.ts';
import { frameWithoutTrips } from './frame-without-trips.ts';
import { recordDrift } from './record-drift.ts';
import { claimRetraining, closeRetraining } from './retraining-claims.ts';

export function createDriftActivities(deps: ActivityDependencies): DriftActivities {
  return {
    checkDrift: checkDrift(deps),
    recordDrift: recordDrift(deps),
    frameWithoutTrips: frameWithoutTrips(deps),
    claimRetraining: claimRetraining(deps),
    closeRetraining: closeRetraining(deps),
  };
}
