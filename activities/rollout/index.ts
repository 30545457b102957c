import type { RolloutActivities } from '../../contracts/stages.ts';
import { setDesired } from '../../adapters/postgres/serving.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { awaitServed } from './await-served.ts';
import { proveVersion } from './prove-version.ts';

export function createRolloutActivities(deps: ActivityDependencies): RolloutActivities {
  return {
    proveVersion: (input) => proveVersion(deps, input),
    setDesiredVersion: async ({ model, version, reason }) => {
      const { generation } = await setDesired(deps.database, model, version, reason);
      return { generation };
    },
    awaitServed: (input) => awaitServed(deps, input),
  };
}
