import { patched } from '@temporalio/workflow';
import type { SystemFacts, SystemId } from '../contracts/systems.ts';
import { resolveSystem } from './activities.ts';

/**
 * Resolves the facts of a system, which the run then carries, so that its replay and its later activities depend on no file. Returns
 * undefined in a run that began before runs carried facts. Its activities resolve the facts by id.
 */
export async function systemFacts(system: SystemId): Promise<SystemFacts | undefined> {
  return patched('system-facts') ? resolveSystem({ system }) : undefined;
}
