/**
 * Pauses the schedules for a backup, and resumes them at the next start of Temporal. The list is a file of the instance, so that a
 * backup that was killed, and a restored one, resume them too.
 */
import { existsSync, rmSync } from 'node:fs';
import { ScheduleNotFoundError, type Client, type ScheduleDescription } from '@temporalio/client';
import { ScheduleChanges } from '../adapters/temporal/schedule-changes.ts';
import { readJson, writeJson } from '../stack/json-file.ts';

interface PausedSchedules {
  /** ISO 8601 */
  readonly pausedAt: string;
  readonly ids: readonly string[];
}

const NOTE = 'paused by citibike backup';
/** A Temporal server that has just started takes longer to process a change. */
const CONFIRM_MS = 20_000;

const changesOf = (client: Client) => new ScheduleChanges(client, client.options.namespace, CONFIRM_MS);

/** Pauses all running schedules. Schedules that a person paused stay as they are and are not resumed. */
export async function pauseSchedules(client: Client, file: string): Promise<void> {
  const ids: string[] = [];
  for await (const { scheduleId, state } of client.schedule.list()) if (!state.paused) ids.push(scheduleId);
  if (ids.length === 0) return;
  // The list is written first: if this process is killed now, resuming finds nothing to do.
  writeJson(file, { pausedAt: new Date().toISOString(), ids } satisfies PausedSchedules);
  const changes = changesOf(client);
  for (const id of ids) await changes.apply(id, { kind: 'pause', note: NOTE });
}

/**
 * Resumes the schedules that a backup paused, and starts the runs that were due meanwhile, as far back as the schedule catches up.
 * @returns the ids of the list, including schedules that were deleted or changed since.
 */
export async function resumeSchedules(client: Client, file: string): Promise<readonly string[]> {
  if (!existsSync(file)) return [];
  const paused = readJson<PausedSchedules>(file);
  const changes = changesOf(client);
  for (const id of paused?.ids ?? []) {
    const found = await describe(client, id);
    // Otherwise somebody has deleted or changed the schedule since.
    if (!found?.state.paused || found.state.note !== NOTE) continue;
    await changes.apply(id, { kind: 'unpause', note: 'resumed after citibike backup' });
    const to = new Date();
    const from = new Date(
      Math.max(Date.parse(paused!.pausedAt), to.getTime() - found.policies.catchupWindow),
    );
    await changes.apply(id, { kind: 'backfill', from, to });
  }
  rmSync(file);
  return paused?.ids ?? [];
}

async function describe(client: Client, id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
