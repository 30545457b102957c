/** Runs a canary or shadow: begins it, judges it on a timer and ends it. The update `rollback` ends it early. */
import { CancellationScope, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { RollbackRequest } from '../contracts/approval.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { CanaryJudgement, CanaryMode, CanaryResult, TrafficInput } from '../contracts/traffic.ts';
import { beginCanary, endCanary, judgeCanary } from './activities.ts';
import type { StepHandle } from './progress.ts';

export const rollbackUpdate = defineUpdate<{ version: string }, [RollbackRequest]>('rollback');

/** Sets how often a canary is judged, unless the bounds below apply. */
const LOOKS = 20;
const SHORTEST_MS = 1_000;
/** Equals a quarter of the lease (adapters/postgres/canary-traffic.ts). */
const LONGEST_MS = 15_000;

interface CanaryOptions {
  readonly model: string;
  readonly version: string;
  readonly mode: CanaryMode;
  readonly traffic: TrafficInput;
}

export class Canary {
  readonly #options: CanaryOptions;
  #running = false;
  #rollback: RollbackRequest | undefined;

  constructor(options: CanaryOptions) {
    this.#options = options;
    const { model, version } = options;
    setHandler(
      rollbackUpdate,
      (request) => {
        this.#rollback = request;
        return { version };
      },
      {
        validator: (request: RollbackRequest) => {
          parseInput('rollback', RollbackRequest, request);
          const isOther = request.model !== undefined && request.model !== model;
          if (!this.#running || this.#rollback || isOther) {
            const whose = isOther ? ` of ${request.model}` : '';
            throw new CitibikeError(
              'INVALID_INPUT',
              `this run has no canary${whose} that can be rolled back`,
            );
          }
        },
      },
    );
  }

  /**
   * Runs the canary or shadow until it passes or fails. A passed canary continues until its lease ends, so that requests do not
   * return to the served version before the swap.
   */
  async run(step: StepHandle): Promise<CanaryResult> {
    const { model, version, mode, traffic } = this.#options;
    const { percent, minutes, minRequests, maxErrorRate, maxLatencyRatio, maxDisagreement } = traffic;
    const limits = { minRequests, maxErrorRate, maxLatencyRatio, maxDisagreement };
    const { trialId } = await beginCanary({ model, version, mode, percent });
    const startedAt = Date.now();
    const endsAt = startedAt + minutes * 60_000;
    const lookMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (minutes * 60_000) / LOOKS));
    this.#running = true;
    try {
      for (;;) {
        await condition(
          () => this.#rollback !== undefined,
          Math.max(1, Math.min(lookMs, endsAt - Date.now())),
        );
        const last = Date.now() >= endsAt;
        const judged = this.#withRollback(await judgeCanary({ model, trialId, version, limits, last }));
        step.detail(judged.reason);
        if (judged.decision === 'continue') continue;
        if (judged.decision === 'failed' || mode === 'shadow') await endCanary({ model, trialId });
        const seconds = Math.round((Date.now() - startedAt) / 1000);
        return { ...judged, mode, percent, seconds };
      }
    } catch (error) {
      await CancellationScope.nonCancellable(() => endCanary({ model, trialId }));
      throw error;
    } finally {
      this.#running = false;
    }
  }

  #withRollback(judged: CanaryJudgement): CanaryJudgement {
    if (!this.#rollback) return judged;
    const { by, reason } = this.#rollback;
    return { ...judged, decision: 'failed', reason: `rolled back by ${by}${reason ? `: ${reason}` : ''}` };
  }
}
