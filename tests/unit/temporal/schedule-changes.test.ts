/**
 * Tests changes of schedules against a scheduler that, like Temporal's, keeps only the last change of each workflow
 * task.
 */
import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { ScheduleChanges } from '../../../adapters/temporal/schedule-changes.ts';

type Patch = (state: Scheduler) => void;

class Scheduler {
  paused = false;
  note = '';
  started = 0;
  readonly #taskMs: number;
  #pending: Patch | undefined;

  constructor(taskMs: number) {
    this.#taskMs = taskMs;
  }

  async patch(patch: Patch): Promise<void> {
    if (this.#pending === undefined) {
      setTimeout(() => {
        this.#pending?.(this);
        this.#pending = undefined;
      }, this.#taskMs);
    }
    this.#pending = patch;
  }

  /** @param times scheduled times in every backfill. */
  asClient(times: number): Pick<Client, 'schedule' | 'workflowService'> {
    const handle = {
      describe: async () => ({
        info: { numActionsTaken: this.started },
        state: { paused: this.paused, note: this.note },
        raw: { info: {} },
      }),
      pause: (note: string) => this.patch((state) => Object.assign(state, { paused: true, note })),
      unpause: (note: string) => this.patch((state) => Object.assign(state, { paused: false, note })),
      trigger: () => this.patch((state) => (state.started += 1)),
      backfill: () => this.patch((state) => (state.started += times)),
    };
    return {
      schedule: { getHandle: () => handle },
      workflowService: { listScheduleMatchingTimes: async () => ({ startTime: Array(times).fill({}) }) },
    } as unknown as Pick<Client, 'schedule' | 'workflowService'>;
  }
}

const backfill = { kind: 'backfill', from: new Date('2025-01-01'), to: new Date('2025-04-01') } as const;

test('changes sent at the same time are all applied, in order', async () => {
  const scheduler = new Scheduler(20);
  const changes = new ScheduleChanges(scheduler.asClient(3), 'default');
  await Promise.all([
    changes.apply('monthly', { kind: 'pause', note: 'first' }),
    changes.apply('monthly', backfill),
    changes.apply('monthly', { kind: 'trigger' }),
    changes.apply('monthly', { kind: 'unpause', note: 'last' }),
  ]);
  expect(scheduler).toMatchObject({ started: 4, paused: false, note: 'last' });
});

test('a change that another client overwrites is an error, and later changes still work', async () => {
  const scheduler = new Scheduler(20);
  const changes = new ScheduleChanges(scheduler.asClient(3), 'default', 60);
  const lost = changes.apply('monthly', backfill);
  setTimeout(() => void scheduler.patch(() => undefined), 5);
  await expect(lost).rejects.toMatchObject({ code: 'CONFLICT' });
  await changes.apply('monthly', { kind: 'trigger' });
  expect(scheduler.started).toBe(1);
});

test('a backfill that would start a thousand runs is rejected, and nothing is sent', async () => {
  const scheduler = new Scheduler(1);
  const applied = new ScheduleChanges(scheduler.asClient(1_000), 'default', 60).apply('monthly', backfill);
  await expect(applied).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('1000 or more times') as string,
  });
  expect(scheduler.started).toBe(0);
});

test('a backfill of a span without scheduled times is done at once', async () => {
  const scheduler = new Scheduler(1);
  await new ScheduleChanges(scheduler.asClient(0), 'default', 60).apply('monthly', backfill);
  expect(scheduler.started).toBe(0);
});
