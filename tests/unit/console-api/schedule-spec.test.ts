import type { ScheduleDescription } from '@temporalio/client';
import { expect, it } from 'vitest';
import { scheduleBody } from '../../../console/api/schedule.ts';

const HOUR_MS = 3_600_000;

const bodyOf = (spec: object, paused = false, nextActionTimes: Date[] = []) =>
  scheduleBody(
    {
      scheduleId: 'forecast',
      action: { type: 'startWorkflow', workflowType: 'forecast', args: [{ system: 'nyc' }] },
      state: { paused },
      policies: { overlap: 'SKIP', catchupWindow: 60_000 },
      spec,
      info: { nextActionTimes, recentActions: [] },
    } as unknown as ScheduleDescription,
    false,
  );
const textOf = (spec: object) => bodyOf(spec).spec;

it.each([
  [3 * HOUR_MS, 0, 'every 3 h'],
  [3 * HOUR_MS, 20 * 60_000, 'every 3 h from 20 min after midnight UTC'],
  [90 * 60_000, 0, 'every 1 h 30 min'],
])('describes an interval of %i ms with an offset of %i ms', (every, offset, text) => {
  expect(textOf({ intervals: [{ every, offset }] })).toBe(text);
});

it('describes a calendar', () => {
  const five = [{ start: 5, end: 5 }];
  const spec = { calendars: [{ dayOfMonth: five, hour: [{ start: 6 }], minute: [{ start: 30 }] }] };
  expect(textOf(spec)).toBe('day 5 of the month at 06:30');
  const week = [{ start: 'MONDAY', end: 'FRIDAY' }];
  const workdays = {
    dayOfMonth: [{ start: 1, end: 31 }],
    dayOfWeek: week,
    hour: [{ start: 6 }],
    minute: [{ start: 0 }],
  };
  expect(textOf({ calendars: [workdays] })).toBe('every week on MONDAY-FRIDAY at 06:00');
  const wholeYear = { ...spec.calendars[0], month: [{ start: 'JANUARY', end: 'DECEMBER' }] };
  expect(textOf({ calendars: [wholeYear] })).toBe('day 5 of the month at 06:30');
  const winter = {
    ...spec.calendars[0],
    month: [{ start: 'DECEMBER' }, { start: 'JANUARY', end: 'FEBRUARY' }],
  };
  expect(textOf({ calendars: [winter] })).toBe('day 5 of the month in DECEMBER, JANUARY-FEBRUARY at 06:30');
});

it('has no next time while it is paused', () => {
  const at = new Date('2026-12-01T00:00:00Z');
  expect(bodyOf({}, false, [at]).next).toEqual([at.toISOString()]);
  expect(bodyOf({}, true, [at]).next).toEqual([]);
});
