/** Polls the processes of the prediction service until all live ones reach a goal. */
import { Context } from '@temporalio/activity';
import type { Queryable } from '../../adapters/postgres/database.ts';
import { liveProcesses, type ServingProcess } from '../../adapters/postgres/serving.ts';
import { CitibikeError } from '../../contracts/errors.ts';

const POLL_MS = 500;

/**
 * Exceeds the back-off of a process, which retries a failed version within 30 s. A failure from before this rollout counts only
 * after that.
 */
const OLD_FAILURE_MS = 35_000;

export interface Following {
  readonly model: string;
  readonly version: string;
  readonly timeoutMs: number;
  /** Time to wait for a first process if none is alive. */
  readonly waitForFirstMs: number;
  readonly isThere: (process: ServingProcess) => boolean;
  /** Goal of the processes, for messages: `prove version 3 of m`. */
  readonly goal: string;
  readonly onPoll: () => Promise<void>;
}

/**
 * Waits until all live processes reach the goal, and returns them. The list is empty if none is alive.
 * @throws CitibikeError ROLLOUT_FAILED with address and failure of a process that failed, or the addresses of late ones.
 */
export async function followProcesses(db: Queryable, following: Following): Promise<ServingProcess[]> {
  const { model, version, timeoutMs, waitForFirstMs, isThere, goal } = following;
  const startedAt = performance.now();
  let oldFailures: ReadonlySet<string> | undefined;
  for (;;) {
    await following.onPoll();
    const alive = await liveProcesses(db, model);
    const elapsed = performance.now() - startedAt;
    Context.current().heartbeat({ alive: alive.length, there: alive.filter(isThere).length });

    const late = alive.filter((process) => !isThere(process));
    if (alive.length > 0 && late.length === 0) return alive;
    if (alive.length === 0 && elapsed >= waitForFirstMs) return [];

    const failed = late.filter((process) => process.failedVersion === version);
    oldFailures ??= new Set(failed.map(({ instanceId }) => instanceId));
    const believed = failed.find(
      ({ instanceId }) => !oldFailures?.has(instanceId) || elapsed >= OLD_FAILURE_MS,
    );
    if (believed) {
      throw new CitibikeError(
        'ROLLOUT_FAILED',
        `${believed.address} could not ${goal}: ${believed.failure ?? 'no reason given'}`,
        { address: believed.address, instanceId: believed.instanceId, version },
      );
    }
    if (elapsed >= timeoutMs) {
      throw new CitibikeError(
        'ROLLOUT_FAILED',
        `after ${Math.round(elapsed / 1000)} s these processes of the prediction service did not ${goal}: ${late.map(({ address }) => address).join(', ')}. See their logs`,
        { version, addresses: late.map(({ address }) => address) },
      );
    }
    await Context.current().sleep(POLL_MS);
  }
}
