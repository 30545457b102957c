/** Creates the activities of the stage `system`. */
import type { SystemActivities } from '../../contracts/activities/system.ts';
import { ownRulesOf } from '../../core/quality/rules.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export function createSystemActivities({ systems }: ActivityDependencies): SystemActivities {
  return {
    resolveSystem: async ({ system }) => {
      const facts = await systems.get(system);
      ownRulesOf(facts);
      return facts;
    },
  };
}
