/** Records in the audit which schedules provisioning created or changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import type { AppliedSchedule } from './apply-schedules.ts';
import { recordDone } from './audited-command.ts';
import { printNote } from './print.ts';

const ATTEMPT_EVERY_MS = 2_000;
const GIVE_UP_AFTER_MS = 120_000;

/**
 * Records schedules that differ from before. On the local stack Temporal may be ready before Postgres has its tables. Then the
 * record follows in the background, so that the start does not wait.
 */
export async function auditSchedules(
  settings: Settings,
  applied: readonly AppliedSchedule[],
  schedules: Readonly<Record<string, unknown>>,
): Promise<void> {
  const changed = applied.filter(({ outcome }) => outcome !== 'unchanged');
  if (changed.length === 0) return;
  const action = {
    action: 'citibike provision',
    target: changed.map(({ id }) => id).join(', '),
    detail: Object.fromEntries(changed.map(({ id, outcome }) => [id, { outcome, schedule: schedules[id] }])),
  };
  try {
    await recordDone(settings, action);
  } catch {
    void recordLater(() => recordDone(settings, action));
  }
}

async function recordLater(record: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    await sleep(ATTEMPT_EVERY_MS);
    try {
      return await record();
    } catch (error) {
      if (Date.now() < deadline && !isLasting(error)) continue;
      printNote(`warning: the changes of schedules are not in the audit: ${messageOf(error)}\n`);
      return;
    }
  }
}

/** A token that is unknown now stays so, while Postgres and its tables may still come. */
function isLasting(error: unknown): boolean {
  return error instanceof CitibikeError && error.code === 'BAD_SETTING';
}
