import type { ScheduleDescription } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { definitionOf, temporalSchedule } from '../../../console/api/schedule-definition.ts';
import type { ScheduleDefinition } from '../../../console/api/schemas/schedules.ts';
import { draftOf, timesOf } from '../../../console/web/src/pages/edit-schedule/schedule-draft.ts';

const INPUT = { system: 'nyc' };
const BASE = { workflow: 'forecast', input: INPUT, overlap: 'SKIP', paused: false } as const;
const MINUTE_MS = 60_000;

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}

function described(spec: object): ScheduleDescription {
  return {
    action: { type: 'startWorkflow', workflowType: 'forecast', args: [INPUT] },
    policies: { overlap: 'BUFFER_ALL', catchupWindow: 90 * MINUTE_MS },
    state: { paused: true },
    spec,
  } as unknown as ScheduleDescription;
}

const ALL_MONTHS = [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }];
const at = (value: number | string) => [{ start: value, end: value, step: 1 }];
const DAILY = {
  second: at(0),
  minute: at(30),
  hour: at(6),
  dayOfMonth: [{ start: 1, end: 31, step: 1 }],
  month: ALL_MONTHS,
  dayOfWeek: [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }],
  year: [],
};

describe('temporalSchedule', () => {
  it.each<[string, Partial<ScheduleDefinition>, object]>([
    [
      'a calendar',
      {
        calendar: { dayOfMonth: 5, weekdays: ['MONDAY'], hour: 6, minute: 30 },
        timezone: 'America/New_York',
      },
      {
        calendars: [{ dayOfMonth: 5, dayOfWeek: ['MONDAY'], hour: 6, minute: 30 }],
        timezone: 'America/New_York',
      },
    ],
    [
      'an interval',
      { every: { minutes: 180, offsetMinutes: 20 } },
      { intervals: [{ every: 180 * MINUTE_MS, offset: 20 * MINUTE_MS }] },
    ],
    ['a cron expression', { cron: '0 6 * * MON-FRI' }, { cronExpressions: ['0 6 * * MON-FRI'] }],
  ])('takes %s', (_, times, spec) => {
    const wish = temporalSchedule('s', { ...BASE, ...times });
    expect(wish.spec).toEqual(spec);
    expect(wish.action).toMatchObject({ workflowType: 'forecast', taskQueue: 'citibike', args: [INPUT] });
  });

  it.each<[string, Partial<ScheduleDefinition>, string]>([
    ['no times', {}, 'calendar'],
    ['two kinds of times', { cron: '* * * * *', every: { minutes: 5 } }, 'calendar'],
    ['an offset beyond the interval', { every: { minutes: 5, offsetMinutes: 5 } }, 'every.offsetMinutes'],
    ['an unknown time zone', { cron: '* * * * *', timezone: 'Mars/Olympus' }, 'timezone'],
    ['an input that the workflow rejects', { cron: '* * * * *', input: { system: 7 } }, 'system'],
  ])('rejects %s and names the field', (_, times, field) => {
    const error = thrown(() => temporalSchedule('s', { ...BASE, ...times }));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { problems: [{ field }] } });
  });

  it('rejects a workflow that people do not start', () => {
    expect(() => temporalSchedule('s', { ...BASE, workflow: 'promotion', cron: '* * * * *' })).toThrow(
      'expected one of',
    );
  });
});

describe('definitionOf', () => {
  it.each<[string, object, object]>([
    ['every day', DAILY, { calendar: { hour: 6, minute: 30 } }],
    [
      'a day of the month',
      { ...DAILY, dayOfMonth: at(5) },
      { calendar: { dayOfMonth: 5, hour: 6, minute: 30 } },
    ],
    [
      'workdays',
      { ...DAILY, dayOfWeek: [{ start: 'MONDAY', end: 'FRIDAY', step: 1 }] },
      {
        calendar: {
          weekdays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
          hour: 6,
          minute: 30,
        },
      },
    ],
    ['a cron expression', { ...DAILY, comment: '30 6 * * *' }, { cron: '30 6 * * *' }],
  ])('reads %s', (_, calendar, times) => {
    expect(definitionOf(described({ calendars: [calendar], intervals: [] }))).toEqual({
      ...BASE,
      ...times,
      overlap: 'BUFFER_ALL',
      catchupMinutes: 90,
      paused: true,
    });
  });

  it('reads an interval', () => {
    const spec = { intervals: [{ every: 180 * MINUTE_MS, offset: 20 * MINUTE_MS }] };
    expect(definitionOf(described(spec))).toMatchObject({ every: { minutes: 180, offsetMinutes: 20 } });
  });

  it.each([
    ['two calendars', { calendars: [DAILY, DAILY] }],
    ['two hours', { calendars: [{ ...DAILY, hour: [{ start: 6, end: 7 }] }] }],
    ['one month', { calendars: [{ ...DAILY, month: at('MAY') }] }],
    ['seconds', { intervals: [{ every: 1_500, offset: 0 }] }],
  ])('does not guess at %s', (_, spec) => {
    expect(definitionOf(described(spec))).toBeNull();
  });
});

it.each<Partial<ScheduleDefinition>>([
  { calendar: { hour: 6, minute: 5 }, timezone: 'America/New_York' },
  { calendar: { dayOfMonth: 5, weekdays: ['SUNDAY'], hour: 23, minute: 0 } },
  { every: { minutes: 180, offsetMinutes: 20 } },
  { every: { minutes: 2880, offsetMinutes: 0 }, catchupMinutes: 50_400 },
  { cron: '0 6 * * MON-FRI', timezone: 'UTC', catchupMinutes: 90 },
])('the form returns %j as it was', (times) => {
  const { workflow: _workflow, input: _input, ...definition } = { ...BASE, ...times };
  expect(timesOf(draftOf({ ...BASE, ...times }))).toEqual(definition);
});
