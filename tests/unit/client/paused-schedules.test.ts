import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pauseSchedules, resumeSchedules } from '../../../client/paused-schedules.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-schedules-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = (): string => path.join(folder, 'paused-schedules.json');

const DAY_MS = 86_400_000;

interface FakeSchedule {
  paused: boolean;
  note: string | undefined;
}

/** Behaves like a Temporal server with these schedules, which catch up for one day. */
function clientWith(schedules: Record<string, FakeSchedule>) {
  let numActionsTaken = 0;
  const backfill = vi.fn(async (_options: { start: Date; end: Date }) => void numActionsTaken++);
  const getHandle = (scheduleId: string) => {
    const change = (paused: boolean) => async (note: string) =>
      void Object.assign(schedules[scheduleId]!, { paused, note });
    return {
      scheduleId,
      backfill,
      describe: async () => {
        const state = schedules[scheduleId];
        if (!state) throw new ScheduleNotFoundError('schedule not found', scheduleId);
        return {
          state: { ...state },
          policies: { catchupWindow: DAY_MS },
          info: { numActionsTaken },
          raw: { info: {} },
        };
      },
      pause: change(true),
      unpause: change(false),
    };
  };
  const list = async function* () {
    for (const [scheduleId, state] of Object.entries(schedules)) yield { scheduleId, state };
  };
  const workflowService = { listScheduleMatchingTimes: async () => ({ startTime: [{}] }) };
  const options = { namespace: 'default' };
  return {
    client: { options, workflowService, schedule: { list, getHandle } } as unknown as Client,
    backfill,
  };
}

test('running schedules are paused and resumed, and those that a person paused stay paused', async () => {
  const schedules = {
    running: { paused: false, note: undefined },
    stopped: { paused: true, note: 'by a person' },
  } satisfies Record<string, FakeSchedule>;
  const { client, backfill } = clientWith(schedules);
  await pauseSchedules(client, file());
  expect(schedules.running.paused).toBe(true);
  expect(await resumeSchedules(client, file())).toEqual(['running']);
  expect(schedules.running.paused).toBe(false);
  expect(schedules.stopped).toEqual({ paused: true, note: 'by a person' });
  expect(backfill).toHaveBeenCalledTimes(1);
  expect(existsSync(file())).toBe(false);
});

test('runs that were due during a long pause start as far back as the schedule catches up', async () => {
  const { client, backfill } = clientWith({ running: { paused: false, note: undefined } });
  await pauseSchedules(client, file());
  vi.useFakeTimers({ now: Date.now() + 10 * DAY_MS, toFake: ['Date'] });
  try {
    await resumeSchedules(client, file());
    const { start, end } = backfill.mock.calls[0]![0];
    expect(end.getTime() - start.getTime()).toBe(DAY_MS);
  } finally {
    vi.useRealTimers();
  }
});

test('a schedule that a person changed since is left alone, and without a list there is nothing to do', async () => {
  const schedules = { running: { paused: false, note: undefined as string | undefined } };
  const { client, backfill } = clientWith(schedules);
  expect(await resumeSchedules(client, file())).toEqual([]);
  await pauseSchedules(client, file());
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ ids: ['running'] });
  schedules.running.note = 'paused by a person meanwhile';
  await resumeSchedules(client, file());
  expect(schedules.running.paused).toBe(true);
  expect(backfill).not.toHaveBeenCalled();
});

test('a schedule that was deleted meanwhile does not keep the others paused', async () => {
  const schedules: Record<string, FakeSchedule> = {
    deleted: { paused: false, note: undefined },
    running: { paused: false, note: undefined },
  };
  const { client, backfill } = clientWith(schedules);
  await pauseSchedules(client, file());
  delete schedules['deleted'];
  await resumeSchedules(client, file());
  expect(schedules['running']!.paused).toBe(false);
  expect(backfill).toHaveBeenCalledTimes(1);
  expect(existsSync(file())).toBe(false);
});
