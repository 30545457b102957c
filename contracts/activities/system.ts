/** Defines the activity that gives a run the facts of its system. */
import type { SystemFacts, SystemId } from '../systems.ts';

export interface SystemActivities {
  /** Reads the facts of a system. INVALID_INPUT lists the known systems for an unknown id. */
  resolveSystem(input: { system: SystemId }): Promise<SystemFacts>;
}
