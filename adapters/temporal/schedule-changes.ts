import { setTimeout as sleep } from 'node:timers/promises';
import {
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleOptions,
} from '@temporalio/client';
import { optionalDateToTs } from '@temporalio/common/lib/time.js';
import { CitibikeError } from '../../contracts/errors.ts';

export type ScheduleChange =
  | { readonly kind: 'pause' | 'unpause'; readonly note: string }
  | { readonly kind: 'trigger' }
  | { readonly kind: 'backfill'; readonly from: Date; readonly to: Date }
  | {
      readonly kind: 'replace';
      readonly wish: Pick<ScheduleOptions, 'spec' | 'policies' | 'action'>;
      readonly paused: boolean;
      /** Differs from every earlier note, because it confirms the change. */
      readonly note: string;
    };

/** A busy Temporal server takes seconds to process a change. */
const CONFIRM_MS = 10_000;
const POLL_MS = 50;
/** Number of times that Temporal lists at most. A backfill from 1970 would start a run for each of the hours since. */
const MOST_BACKFILLED = 1_000;

/**
 * Changes schedules one at a time, and confirms each change. Temporal's scheduler keeps a single pending change. If several reach it within
 * one of its workflow tasks (milliseconds, on a busy server seconds), it applies the last and silently drops the others.
 */
export class ScheduleChanges {
  readonly #client: Pick<Client, 'schedule' | 'workflowService'>;
  readonly #namespace: string;
  readonly #confirmMs: number;
  /** Settles when the newest change of a schedule is confirmed or has failed. */
  readonly #newest = new Map<string, Promise<unknown>>();

  constructor(
    client: Pick<Client, 'schedule' | 'workflowService'>,
    namespace: string,
    confirmMs = CONFIRM_MS,
  ) {
    this.#client = client;
    this.#namespace = namespace;
    this.#confirmMs = confirmMs;
  }

  /**
   * Applies a change.
   * @throws CitibikeError CONFLICT if Temporal does not apply it.
   */
  async apply(id: string, change: ScheduleChange): Promise<void> {
    const before = this.#newest.get(id) ?? Promise.resolve();
    const applied = before.then(() => this.#applyNow(id, change));
    const settled = applied.catch(() => undefined);
    this.#newest.set(id, settled);
    await settled;
    if (this.#newest.get(id) === settled) this.#newest.delete(id);
    return applied;
  }

  async #applyNow(id: string, change: ScheduleChange): Promise<void> {
    const handle = this.#client.schedule.getHandle(id);
    const before = startsOf(await handle.describe());
    const backfilled = change.kind === 'backfill' ? await this.#timesIn(id, change) : undefined;
    if (backfilled !== undefined && backfilled >= MOST_BACKFILLED)
      throw new CitibikeError(
        'INVALID_INPUT',
        `to: the span has ${MOST_BACKFILLED} or more times of schedule ${id}, expected fewer; each starts a run. Choose a shorter span`,
      );
    await send(handle, change);
    if (backfilled === 0) return;
    const deadline = Date.now() + this.#confirmMs;
    while (!isApplied(change, before, await handle.describe())) {
      if (Date.now() > deadline) {
        throw new CitibikeError(
          'CONFLICT',
          `Temporal did not apply the ${change.kind} of schedule ${id}, probably because another change arrived at the same time; check its recent runs, then repeat the ${change.kind}`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  /** Returns how many times a schedule has in a span, at most as many as Temporal lists. */
  async #timesIn(id: string, { from, to }: { readonly from: Date; readonly to: Date }): Promise<number> {
    const { startTime } = await this.#client.workflowService.listScheduleMatchingTimes({
      namespace: this.#namespace,
      scheduleId: id,
      startTime: optionalDateToTs(from) ?? null,
      endTime: optionalDateToTs(to) ?? null,
    });
    return startTime.length;
  }
}

async function send(handle: ScheduleHandle, change: ScheduleChange): Promise<void> {
  // Months run one after the other, and none is skipped.
  const overlap = ScheduleOverlapPolicy.BUFFER_ALL;
  switch (change.kind) {
    case 'pause':
      return handle.pause(change.note);
    case 'unpause':
      return handle.unpause(change.note);
    case 'trigger':
      return handle.trigger(overlap);
    case 'replace':
      return handle.update(() => ({ ...change.wish, state: { paused: change.paused, note: change.note } }));
    case 'backfill':
      return handle.backfill({ start: change.from, end: change.to, overlap });
  }
}

/** Returns the number of runs that a schedule has started or buffered so far; it never decreases. */
function startsOf({ info, raw }: ScheduleDescription): number {
  return info.numActionsTaken + Number(raw.info?.bufferSize ?? 0);
}

function isApplied(change: ScheduleChange, before: number, now: ScheduleDescription): boolean {
  if (change.kind === 'trigger' || change.kind === 'backfill') return startsOf(now) > before;
  if (change.kind === 'replace') return now.state.note === change.note;
  return now.state.paused === (change.kind === 'pause') && now.state.note === change.note;
}
