/** Rolls out a version for promotions, rollbacks and deployments: prove, canary or shadow, swap, restore on failure. */
import { CancellationScope } from '@temporalio/workflow';
import type { CanaryResult, TrafficInput } from '../contracts/traffic.ts';
import { awaitServed, proveVersion, restoreDesired, setDesiredVersion } from './activities.ts';
import { Canary } from './canary.ts';
import type { ProgressTracker } from './progress.ts';
import { rootMessage } from './root-message.ts';

interface RolloutOptions {
  readonly model: string;
  readonly version: string;
  readonly traffic: TrafficInput;
  /** True if the rollout fails without a live process of the prediction service. Otherwise a later process loads the version. */
  readonly mustServe: boolean;
}

interface Proof {
  readonly provenBy: readonly string[];
  /** Null without a canary or shadow: not requested, or no other version serves. */
  readonly canary: CanaryResult | null;
}

interface Swap {
  readonly generation: number;
  readonly servedBy: readonly string[];
}

/** Represents a change that must happen together with the swap. */
interface Companion {
  apply(): Promise<unknown>;
  restore(): Promise<void>;
}

export class Rollout {
  readonly #options: RolloutOptions;
  readonly #canary: Canary | undefined;
  readonly #canaryStep: string | undefined;
  #desired: string | null = null;
  #nobodyServes = false;

  constructor({ traffic, ...options }: RolloutOptions) {
    const { mode } = traffic;
    this.#options = { traffic, ...options };
    this.#canaryStep = mode === 'at-once' ? undefined : mode;
    this.#canary = mode === 'at-once' ? undefined : new Canary({ ...options, mode, traffic });
  }

  /** Returns the names of the progress steps, with the step of the caller that comes before the swap. */
  static steps({ mode }: TrafficInput, beforeSwap: readonly string[] = []): string[] {
    return ['prove', ...(mode === 'at-once' ? [] : [mode]), ...beforeSwap, 'swap'];
  }

  /** Proves the version on every live process and runs its canary or shadow. Does not change the desired version. */
  async prove(progress: ProgressTracker): Promise<Proof> {
    const { model, version, mustServe } = this.#options;
    const { provenBy, desired } = await progress.run('prove', () => proveVersion({ model, version }));
    this.#desired = desired;
    this.#nobodyServes = provenBy.every((prover) => prover === 'worker');
    const canary = this.#canary;
    const step = this.#canaryStep;
    if (!canary || !step) return { provenBy, canary: null };
    const why = this.#nobodyServes && !mustServe ? 'no prediction service is alive' : undefined;
    if (why === undefined && desired !== null && desired !== version) {
      return { provenBy, canary: await progress.run(step, (handle) => canary.run(handle)) };
    }
    progress.skip(step, why ?? 'no other version serves');
    return { provenBy, canary: null };
  }

  /** Returns the version that served when this one was proven. */
  get desired(): string | null {
    return this.#desired;
  }

  /** Makes the version the desired one and waits until it serves. A failure restores the version that served before. */
  async swap(progress: ProgressTracker, reason: string, companion?: Companion): Promise<Swap> {
    const { model, version, mustServe } = this.#options;
    try {
      await companion?.apply();
      return await progress.run('swap', async () => {
        const { generation } = await setDesiredVersion({ model, version, reason });
        if (this.#nobodyServes && !mustServe) return { generation, servedBy: [] };
        const { processes } = await awaitServed({ model, generation, version });
        return { generation, servedBy: processes };
      });
    } catch (error) {
      await CancellationScope.nonCancellable(async () => {
        await companion?.restore();
        if (this.#desired === version) return;
        const restore = this.#desired;
        await restoreDesired({ model, failed: version, restore, reason: restoreReason(version, error) });
      });
      throw error;
    }
  }
}

/** Returns why a version was restored, for the registry and the history of desired versions. */
export function restoreReason(failed: string, error: unknown): string {
  return `restored because version ${failed} could not be served: ${rootMessage(error)}`;
}
