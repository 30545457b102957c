/** One trial as this process takes part in it: who answers which request, and what is counted of both versions. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrialState, VersionTraffic } from '../adapters/postgres/serving.ts';
import type { DemandPrediction, HourlyInput } from '../contracts/model.ts';
import { LATENCY_BUCKETS, latencyBucket } from '../core/serving/latency-histogram.ts';
import { inTurns } from './in-turns.ts';
import type { ServedModel } from './loaded-model.ts';

/** What a version computed for one request, and how long it took, from its hours to its answers. */
export interface Computed {
  readonly hours: readonly HourlyInput[];
  readonly answers: readonly DemandPrediction[];
  readonly ms: number;
}

/** Rows waiting to be computed by the other version too; beyond these a request is not compared, so that answers stay fast. */
const ROWS_WAITING = 2_000;

interface Totals {
  requests: number;
  errors: number;
  readonly latencyBuckets: number[];
  comparedRows: number;
  disagreementSum: number;
  skipped: number;
}

export class TrialRun {
  readonly state: TrialState;
  readonly candidate: ServedModel;
  readonly #totals = new Map<string, Totals>();
  #rowsWaiting = 0;

  constructor(state: TrialState, candidate: ServedModel) {
    this.state = state;
    this.candidate = candidate;
  }

  /** The same key always goes the same way, on every process; another trial deals anew. */
  picksCandidate(key: string): boolean {
    const { mode, id, percent } = this.state;
    return mode === 'canary' && shareOf(`${id}:${key}`) * 100 < percent;
  }

  /** A version computed a request. */
  computed(version: string, ms: number): void {
    const totals = this.#of(version);
    totals.requests += 1;
    totals.latencyBuckets[latencyBucket(ms)]! += 1;
  }

  /** A version could not answer a request, through no fault of the caller's. */
  failed(version: string): void {
    const totals = this.#of(version);
    totals.requests += 1;
    totals.errors += 1;
  }

  /**
   * Has the version that did not answer compute the same hours, after the answer is on its way, and counts how far apart the two are. In a
   * shadow trial this is the candidate, and what it takes counts as a request of its own.
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
      // Nobody waits for it; the count is what is made of it.
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

/** A share in [0, 1) that looks random and is always the same. */
function shareOf(text: string): number {
  return createHash('sha1').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
