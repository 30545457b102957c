/**
 * Pauses the schedules for a backup, and resumes them at the next start of Temporal. The list is a file of the instance, so that a
 * backup that was killed, and a restored one, resume them too.
 */
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ScheduleOverlapPolicy, type Client, type ScheduleHandle } from '@temporalio/client';
import { CitibikeError } from '../contracts/errors.ts';
import { readJson, writeJson } from '../stack/json-file.ts';

interface PausedSchedules {
  /** ISO 8601 */
  readonly pausedAt: string;
  readonly ids: readonly string[];
}

const NOTE = 'paused by citibike backup';
/** A busy Temporal server takes seconds to process a change. */
const CONFIRM_MS = 20_000;
const POLL_MS = 50;

/** Pauses all running schedules. Schedules that a person paused stay as they are and are not resumed. */
export async function pauseSchedules(client: Client, file: string): Promise<void> {
  const ids: string[] = [];
  for await (const { scheduleId, state } of client.schedule.list()) if (!state.paused) ids.push(scheduleId);
  if (ids.length === 0) return;
  // The list is written first: if this process is killed now, resuming finds nothing to do.
  writeJson(file, { pausedAt: new Date().toISOString(), ids } satisfies PausedSchedules);
  for (const id of ids) {
    const handle = client.schedule.getHandle(id);
    await handle.pause(NOTE);
    await untilPaused(handle, true);
  }
}

/**
 * Resumes the schedules that a backup paused, and starts the runs that were due meanwhile, as far back as the schedule catches up.
 * @returns the ids.
 */
export async function resumeSchedules(client: Client, file: string): Promise<readonly string[]> {
  if (!existsSync(file)) return [];
  const paused = readJson<PausedSchedules>(file);
  for (const id of paused?.ids ?? []) {
    const handle = client.schedule.getHandle(id);
    const { state, policies } = await handle.describe();
    // Somebody else has changed the schedule since.
    if (!state.paused || state.note !== NOTE) continue;
    const end = new Date();
    await handle.unpause('resumed after citibike backup');
    await untilPaused(handle, false);
    const start = new Date(Math.max(Date.parse(paused!.pausedAt), end.getTime() - policies.catchupWindow));
    await handle.backfill({ start, end, overlap: ScheduleOverlapPolicy.BUFFER_ALL });
  }
  rmSync(file);
  return paused?.ids ?? [];
}

/** Waits for a change, because Temporal drops all but the last of changes that arrive together. */
async function untilPaused(handle: ScheduleHandle, wanted: boolean): Promise<void> {
  const deadline = performance.now() + CONFIRM_MS;
  while ((await handle.describe()).state.paused !== wanted) {
    if (performance.now() > deadline)
      throw new CitibikeError(
        'UPSTREAM_UNAVAILABLE',
        `Temporal did not ${wanted ? 'pause' : 'resume'} schedule ${handle.scheduleId} within ${CONFIRM_MS / 1000} s; try again when it is less busy`,
      );
    await sleep(POLL_MS);
  }
}
