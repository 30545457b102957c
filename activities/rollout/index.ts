import type { RolloutActivities } from '../../contracts/activities/rollout.ts';
import { liveProcesses, restoreDesired, setDesired } from '../../adapters/postgres/serving.ts';
import { endCanary } from '../../adapters/postgres/canary-traffic.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { awaitServed } from './await-served.ts';
import { proveVersion } from './prove-version.ts';
import { beginCanary, judgeCanary } from './canary.ts';

export function createRolloutActivities(deps: ActivityDependencies): RolloutActivities {
  return {
    proveVersion: (input) => proveVersion(deps, input),
    setDesiredVersion: async ({ model, version, reason }) => {
      const { generation } = await setDesired(deps.database, model, version, reason);
      return { generation };
    },
    restoreDesired: ({ model, failed, restore, reason }) =>
      restoreDesired(deps.database, model, failed, restore, reason),
    isServed: async ({ model }) => ({ served: (await liveProcesses(deps.database, model)).length > 0 }),
    awaitServed: (input) => awaitServed(deps, input),
    // Recorded histories contain these types.
    beginTrial: (input) => beginCanary(deps, input),
    judgeTrial: (input) => judgeCanary(deps, input),
    endTrial: ({ model, trialId }) => endCanary(deps.database, model, trialId),
  };
}
