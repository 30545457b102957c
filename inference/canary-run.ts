/** Represents one canary or shadow in this process: chooses the version that answers a request, and counts both versions. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CanaryState, VersionTraffic } from '../adapters/postgres/serving.ts';
import type { DemandPrediction, HourlyInput } from '../contracts/model.ts';
import { LATENCY_BUCKETS, latencyBucket } from '../core/serving/latency-histogram.ts';
import { inTurns } from './in-turns.ts';
import type { ServedModel } from './loaded-model.ts';

/** Answers of a version to one request, with the time that they took. */
export interface Computed {
  readonly hours: readonly HourlyInput[];
  readonly answers: readonly DemandPrediction[];
  readonly ms: number;
}

/** Limits the rows that wait for the other version. Requests beyond it are not compared, so that answers stay fast. */
const ROWS_WAITING = 2_000;

interface Totals {
  requests: number;
  errors: number;
  readonly latencyBuckets: number[];
  comparedRows: number;
  disagreementSum: number;
  skipped: number;
}

export class CanaryRun {
  readonly state: CanaryState;
  readonly candidate: ServedModel;
  readonly #totals = new Map<string, Totals>();
  #rowsWaiting = 0;

  constructor(state: CanaryState, candidate: ServedModel) {
    this.state = state;
    this.candidate = candidate;
  }

  /** The same key picks the same version on every process. Another canary distributes keys anew. */
  picksCandidate(key: string): boolean {
    const { mode, id, percent } = this.state;
    return mode === 'canary' && shareOf(`${id}:${key}`) * 100 < percent;
  }

  /** Counts a request that a version computed. */
  computed(version: string, ms: number): void {
    const totals = this.#of(version);
    totals.requests += 1;
    totals.latencyBuckets[latencyBucket(ms)]! += 1;
  }

  /** Counts a request that a version could not answer through no fault of the caller. */
  failed(version: string): void {
    const totals = this.#of(version);
    totals.requests += 1;
    totals.errors += 1;
  }

  /**
   * Lets the version that did not answer compute the same hours after the answer was sent, and counts the difference of the two. In a
   * shadow that is the candidate, and its time counts as a request of its own.
   */
  compareLater(served: ServedModel, answeredBy: ServedModel, { hours, answers }: Computed): void {
    const totals = this.#of(this.candidate.version);
    if (this.#rowsWaiting > 0 && this.#rowsWaiting + hours.length > ROWS_WAITING) {
      totals.skipped += 1;
      return;
    }
    const other = answeredBy === this.candidate ? served : this.candidate;
    this.#rowsWaiting += hours.length;
    void this.#compare(other, hours, answers).finally(() => {
      this.#rowsWaiting -= hours.length;
    });
  }

  counted(): VersionTraffic[] {
    return [...this.#totals].map(([version, totals]) => ({
      version,
      ...totals,
      latencyBuckets: [...totals.latencyBuckets],
    }));
  }

  async #compare(
    other: ServedModel,
    hours: readonly HourlyInput[],
    answers: readonly DemandPrediction[],
  ): Promise<void> {
    await nextTurn();
    const isShadow = this.state.mode === 'shadow';
    const others: DemandPrediction[] = [];
    try {
      const started = performance.now();
      await inTurns(hours, (slice) => others.push(...other.model.predict(slice)));
      if (isShadow) {
        if (!others.every(({ prediction }) => Number.isFinite(prediction))) throw new Error('not a number');
        this.computed(other.version, performance.now() - started);
      }
    } catch {
      // No caller waits for this computation, so a failure is only counted.
      if (isShadow) this.failed(other.version);
      return;
    }
    const [byServed, byCandidate] = other === this.candidate ? [answers, others] : [others, answers];
    const totals = this.#of(this.candidate.version);
    for (const [i, { prediction }] of byCandidate.entries()) {
      const against = byServed[i]!.prediction;
      totals.comparedRows += 1;
      totals.disagreementSum += Math.abs(prediction - against) / Math.max(against, 1);
    }
  }

  #of(version: string): Totals {
    let totals = this.#totals.get(version);
    if (!totals) {
      totals = {
        requests: 0,
        errors: 0,
        latencyBuckets: Array<number>(LATENCY_BUCKETS).fill(0),
        comparedRows: 0,
        disagreementSum: 0,
        skipped: 0,
      };
      this.#totals.set(version, totals);
    }
    return totals;
  }
}

/** Returns a pseudo-random share in [0, 1) of a text. */
function shareOf(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
