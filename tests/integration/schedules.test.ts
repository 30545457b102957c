/** Changes the schedule of Chicago's drift checks with the plain `temporal` command line and through the console. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRecords } from '../../adapters/postgres/console-audit.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { auditSchedules } from '../../client/audit-schedules.ts';
import { applySchedules, readSchedules } from '../../client/apply-schedules.ts';
import { DAY_MS, HOUR_MS, addMonths } from '../../contracts/calendar.ts';
import { zoneClock } from '../../contracts/zone-clock.ts';
import { weeksEndingIn } from '../../workflows/scheduled-month.ts';
import { Observatory } from './monitoring/observatory.ts';
import type { Connection } from '@temporalio/client';
import { TemporalSource } from '../../console/api/upstreams/temporal.ts';

const run = promisify(execFile);
const scheduleId = `test-drift-${randomUUID().slice(0, 8)}`;

const ZONE = 'America/Chicago';

/** The month that a triggered run checks, and the three earlier months of a backfill. */
const lastMonth = addMonths(zoneClock(ZONE).monthAt(new Date()), -1);
const backfilled = [-3, -2, -1].map((count) => addMonths(lastMonth, count));

let here: Observatory;
let console_: TemporalSource;
let dir: string;
let model: string;
let source: { trips: string };

/** Returns an entry of `schedules.yaml`. */
async function apply(dayOfMonth: number): Promise<string[]> {
  const file = path.join(dir, 'schedules.yaml');
  const { trips } = source;
  const config = {
    workflow: 'monitoring',
    calendar: { dayOfMonth, hour: 6, minute: 0 },
    timezone: ZONE,
    catchupWindowDays: 35,
    input: { system: 'chicago', model, source: { trips }, retrain: false },
  };
  await writeFile(file, JSON.stringify({ [scheduleId]: config }));
  const outcomes = await applySchedules(here.lab.client, await readSchedules(file));
  return outcomes.map(({ outcome }) => outcome);
}

async function temporal(...args: string[]): Promise<string> {
  const { settings } = here.lab;
  const { stdout } = await run(path.join(settings.stackDir, 'bin', 'temporal'), [
    ...args,
    '--address',
    settings.temporal.address,
    '--namespace',
    settings.temporal.namespace,
  ]);
  return stdout;
}

const schedule = (verb: string, ...args: string[]) =>
  temporal('schedule', verb, '--schedule-id', scheduleId, ...args);

interface Described {
  readonly schedule: {
    readonly spec: {
      readonly structuredCalendar: { readonly dayOfMonth: { readonly start: number }[] }[];
      readonly timezoneName: string;
    };
    readonly state: { readonly paused?: boolean; readonly notes?: string };
    readonly policies: { readonly overlapPolicy: string };
  };
}
const described = async () =>
  (JSON.parse(await schedule('describe', '--output', 'json')) as Described).schedule;

interface Fired {
  readonly status: string;
  readonly startedAt: number;
  readonly closedAt: number;
}

/** Returns the runs that the schedule started, once `count` of them are closed. */
async function fired(count: number): Promise<Fired[]> {
  for (;;) {
    const runs: Fired[] = [];
    const query = `TemporalScheduledById = '${scheduleId}'`;
    for await (const { status, startTime, closeTime } of here.lab.client.workflow.list({ query })) {
      runs.push({
        status: status.name,
        startedAt: startTime.getTime(),
        closedAt: closeTime?.getTime() ?? Infinity,
      });
    }
    if (runs.filter(({ closedAt }) => closedAt < Infinity).length >= count)
      return runs.sort((a, b) => a.startedAt - b.startedAt);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Spans the scheduled times of the three backfilled months. */
const backfillStart = `${addMonths(backfilled[0]!, 1)}-01T00:00:00Z`;
const backfillEnd = `${lastMonth}-28T00:00:00Z`;

function backfill() {
  const span = ['--start-time', backfillStart, '--end-time', backfillEnd];
  return schedule('backfill', ...span, '--overlap-policy', 'BufferAll');
}

/** Returns how many runs the schedule has started or buffered. */
async function startsAsked(): Promise<number> {
  const { info, raw } = await here.lab.client.schedule.getHandle(scheduleId).describe();
  return info.numActionsTaken + Number(raw.info?.bufferSize);
}

/** Mondays and Sundays of the weeks that end in the months, read from a printed calendar. */
function weeksOf(months: readonly string[]): { first_date: string; last_date: string }[] {
  return months.flatMap((month) => {
    const { from, to } = weeksEndingIn(month);
    const day = (time: number) => new Date(time).toISOString().slice(0, 10);
    const count = (Date.parse(to) - Date.parse(from) + DAY_MS) / (7 * DAY_MS);
    return Array.from({ length: count }, (_, i) => {
      const monday = Date.parse(from) + i * 7 * DAY_MS;
      return { first_date: day(monday), last_date: day(monday + 6 * DAY_MS) };
    });
  });
}

beforeAll(async () => {
  here = await Observatory.open();
  const { client } = here.lab;
  console_ = new TemporalSource(
    { client, connection: client.connection as Connection },
    here.lab.settings.temporal.namespace,
  );
  dir = await mkdtemp(path.join(tmpdir(), 'citibike-schedules-'));
  source = await here.sample('sample', addMonths(backfilled[0]!, -12), lastMonth, 'chicago');
  ({ model } = await here.champion(3, 'chicago'));
}, 180_000);

afterAll(async () => {
  await schedule('delete').catch(() => undefined);
  await here?.close();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

describe('a schedule', { timeout: 300_000 }, () => {
  it('is created once and reconciled afterwards, and stays paused after a person paused it', async () => {
    expect(await apply(5)).toEqual(['created']);
    expect(await apply(5)).toEqual(['unchanged']);
    await schedule('toggle', '--pause', '--reason', 'under repair');
    expect(await apply(7)).toEqual(['updated']);
    const { spec, state, policies } = await described();
    expect(spec.structuredCalendar[0]!.dayOfMonth[0]!.start).toBe(7);
    expect(spec.timezoneName).toBe(ZONE);
    expect(state).toMatchObject({ paused: true, notes: 'under repair' });
    expect(policies.overlapPolicy).toBe('SCHEDULE_OVERLAP_POLICY_BUFFER_ALL');
    await schedule('toggle', '--unpause', '--reason', 'repaired');
    expect((await described()).state.paused ?? false).toBe(false);
  });

  it('is in the audit once provisioning has created or changed it', async () => {
    const { settings } = here.lab;
    const database = new Database(settings.databaseUrl, { max: 1 });
    const id = `${scheduleId}-provisioned`;
    const records = async () =>
      (await auditRecords(database, undefined, 50)).filter(({ target }) => target.includes(id));
    try {
      await auditSchedules(settings, [{ id, outcome: 'unchanged' }], {});
      expect(await records()).toEqual([]);
      const applied = [
        { id, outcome: 'created' },
        { id: 'other', outcome: 'unchanged' },
      ] as const;
      await auditSchedules(settings, applied, { [id]: { workflow: 'forecast' } });
      expect(await records()).toMatchObject([
        {
          kind: 'action',
          via: 'cli',
          action: 'citibike provision',
          target: id,
          outcome: 'ok',
          detail: { [id]: { outcome: 'created', schedule: { workflow: 'forecast' } } },
        },
      ]);
    } finally {
      await database.close();
    }
  });

  it('with an interval skips runs that overlap, and makes up for one interval', async () => {
    const id = `${scheduleId}-forecast`;
    const file = path.join(dir, 'forecast.yaml');
    const config = { workflow: 'forecast', every: { hours: 3, offsetMinutes: 20 }, input: { system: 'jc' } };
    await writeFile(file, JSON.stringify({ [id]: config }));
    const { client } = here.lab;
    await applySchedules(client, await readSchedules(file));
    const handle = client.schedule.getHandle(id);
    try {
      const { spec, policies, info, action } = await handle.describe();
      expect(spec.intervals).toEqual([{ every: 3 * HOUR_MS, offset: 20 * 60_000 }]);
      expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3 * HOUR_MS });
      expect(action).toMatchObject({ workflowType: 'forecast' });
      expect(info.nextActionTimes[0]!.getUTCMinutes()).toBe(20);
    } finally {
      await handle.delete();
    }
  });

  it('rejects an input that monitoring would reject', async () => {
    const file = path.join(dir, 'wrong.yaml');
    const config = {
      workflow: 'monitoring',
      calendar: { dayOfMonth: 5, hour: 6, minute: 0 },
      timezone: ZONE,
      catchupWindowDays: 35,
      input: { system: 'SF' },
    };
    await writeFile(file, JSON.stringify({ wrong: config }));
    await expect(readSchedules(file)).rejects.toThrow(/schedule wrong.*system: got "SF"/);
  });

  it('keeps all changes that the console sends at the same time', async () => {
    const [from, to] = [new Date(backfillStart), new Date(backfillEnd)];
    // Temporal itself would apply only the last one.
    await Promise.all([
      console_.changeSchedule(scheduleId, { kind: 'pause', note: 'a moment' }),
      console_.changeSchedule(scheduleId, { kind: 'backfill', from, to }),
      console_.changeSchedule(scheduleId, { kind: 'trigger' }),
      console_.changeSchedule(scheduleId, { kind: 'unpause', note: 'on' }),
    ]);
    expect((await described()).state).toMatchObject({ notes: 'on' });
    expect(await startsAsked()).toBe(4);
  });

  it('runs buffered checks one after the other, each of its own month', async () => {
    const runs = await fired(4);
    expect(runs.map(({ status }) => status)).toEqual(Array(4).fill('COMPLETED'));
    for (const [i, { startedAt }] of runs.entries()) {
      if (i > 0) expect(startedAt).toBeGreaterThanOrEqual(runs[i - 1]!.closedAt);
    }
    const { weeks, decisions } = await here.rowsOf(model);
    expect(weeks.map(({ first_date, last_date }) => ({ first_date, last_date })).sort(byDate)).toEqual(
      weeksOf([...backfilled, lastMonth]),
    );
    expect(decisions).toHaveLength(4);
  });

  it('writes every row once when a backfill is repeated', async () => {
    const before = await here.rowsOf(model);
    await backfill();
    await fired(7);
    expect(await here.rowsOf(model)).toEqual(before);
  });
});

function byDate(a: { first_date: unknown }, b: { first_date: unknown }): number {
  return String(a.first_date) < String(b.first_date) ? -1 : 1;
}
