/** A trial as a workflow runs it: begun, judged on a timer, ended; people may end it by the update `rollback`. */
import { CancellationScope, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { RollbackRequest } from '../contracts/approval.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { TrafficInput, TrialResult } from '../contracts/traffic.ts';
import { beginTrial, endTrial, judgeTrial } from './activities.ts';
import type { StepHandle } from './progress.ts';

export const rollbackUpdate = defineUpdate<{ version: string }, [RollbackRequest]>('rollback');

/** Looks a trial takes; between them a second at least, and a quarter of the lease at most (adapters/postgres/traffic.ts). */
const LOOKS = 20;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 15_000;

interface TrialOf {
  readonly model: string;
  readonly version: string;
  readonly traffic: TrafficInput;
}

export class Trial {
  readonly #of: TrialOf;
  #running = false;
  #taken: RollbackRequest | undefined;

  constructor(of: TrialOf) {
    this.#of = of;
    setHandler(
      rollbackUpdate,
      (request) => {
        this.#taken = request;
        return { version: of.version };
      },
      {
        validator: (request: RollbackRequest) => {
          parseInput('rollback', RollbackRequest, request);
          const isOther = request.model !== undefined && request.model !== of.model;
          if (!this.#running || this.#taken || isOther) {
            const whose = isOther ? ` of ${request.model}` : '';
            throw new CitibikeError(
              'INVALID_INPUT',
              `no trial${whose} is under way here that could be taken back`,
            );
          }
        },
      },
    );
  }

  /**
   * Over when this returns, but for a canary that passed: it goes on for as long as its lease, so that requests do not move back and
   * forth before it becomes the desired version.
   */
  async run(step: StepHandle): Promise<TrialResult> {
    const { model, version, traffic } = this.#of;
    const { mode, percent, minutes, minRequests, maxErrorRate, maxLatencyRatio, maxDisagreement } = traffic;
    if (mode === 'at-once') throw new CitibikeError('INVALID_INPUT', 'at once is no trial');
    const limits = { minRequests, maxErrorRate, maxLatencyRatio, maxDisagreement };
    const { trialId } = await beginTrial({ model, version, mode, percent });
    const startedAt = Date.now();
    const endsAt = startedAt + minutes * 60_000;
    const lookMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (minutes * 60_000) / LOOKS));
    this.#running = true;
    try {
      for (;;) {
        await condition(() => this.#taken !== undefined, Math.max(1, Math.min(lookMs, endsAt - Date.now())));
        const last = Date.now() >= endsAt;
        const judged = await judgeTrial({ model, trialId, version, limits, last });
        const verdict = this.#taken ? { ...judged, ...takenBack(this.#taken) } : judged;
        step.detail(verdict.reason);
        if (verdict.decision === 'continue') continue;
        if (verdict.decision === 'failed' || mode === 'shadow') await endTrial({ model, trialId });
        const seconds = Math.round((Date.now() - startedAt) / 1000);
        return { ...verdict, mode, percent, seconds };
      }
    } catch (error) {
      await CancellationScope.nonCancellable(() => endTrial({ model, trialId }));
      throw error;
    } finally {
      this.#running = false;
    }
  }
}

function takenBack({ by, reason }: RollbackRequest): { decision: 'failed'; reason: string } {
  return { decision: 'failed', reason: `taken back by ${by}${reason ? `: ${reason}` : ''}` };
}
