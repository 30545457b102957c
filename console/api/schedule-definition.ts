/** Converts a schedule between the form that people edit and Temporal's. */
import type { ScheduleDescription, ScheduleOptions } from '@temporalio/client';
import { assertNoProblems, inputProblem, type InputProblem } from '../../contracts/input-problems.ts';
import { parseNewInput } from '../../contracts/new-input.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { WEEKDAYS, type Weekday } from '../../contracts/weekdays.ts';
import { OVERLAPS, type ScheduleDefinition } from './schemas/schedules.ts';

const MINUTE_MS = 60_000;

export type ScheduleWish = Pick<ScheduleOptions, 'spec' | 'policies' | 'action'>;

/**
 * Returns what Temporal needs.
 * @throws CitibikeError INVALID_INPUT that names each wrong field, also those of the workflow's input.
 */
export function temporalSchedule(id: string, definition: ScheduleDefinition): ScheduleWish {
  assertNoProblems(`schedule ${id} is`, problemsOf(definition));
  const { workflow, input, calendar, every, cron, timezone, overlap, catchupMinutes } = definition;
  parseNewInput(workflow, input);
  return {
    spec: {
      ...(calendar
        ? {
            calendars: [
              {
                hour: calendar.hour,
                minute: calendar.minute,
                ...(calendar.dayOfMonth ? { dayOfMonth: calendar.dayOfMonth } : {}),
                ...(calendar.weekdays ? { dayOfWeek: calendar.weekdays } : {}),
              },
            ],
          }
        : {}),
      ...(every
        ? {
            intervals: [{ every: every.minutes * MINUTE_MS, offset: (every.offsetMinutes ?? 0) * MINUTE_MS }],
          }
        : {}),
      ...(cron ? { cronExpressions: [cron] } : {}),
      ...(timezone ? { timezone } : {}),
    },
    policies: { overlap, ...(catchupMinutes ? { catchupWindow: catchupMinutes * MINUTE_MS } : {}) },
    // The input as given: a later version fills in its own defaults.
    action: { type: 'startWorkflow', workflowType: workflow, taskQueue: TASK_QUEUE, args: [input] },
  };
}

function problemsOf({ calendar, every, cron, timezone }: ScheduleDefinition): InputProblem[] {
  const given = [calendar, every, cron].filter((each) => each !== undefined);
  return [
    ...(given.length === 1
      ? []
      : [inputProblem('calendar', calendar, 'exactly one of calendar, every and cron')]),
    ...(every && (every.offsetMinutes ?? 0) >= every.minutes
      ? [inputProblem('every.offsetMinutes', every.offsetMinutes, 'fewer minutes than the interval has')]
      : []),
    ...(timezone && !isTimeZone(timezone)
      ? [inputProblem('timezone', timezone, 'an IANA time zone, such as America/New_York')]
      : []),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Returns the definition of a schedule; null if its times have another form than people can edit. */
export function definitionOf({
  action,
  spec,
  policies,
  state,
}: ScheduleDescription): ScheduleDefinition | null {
  if (action.type !== 'startWorkflow') return null;
  const times = timesOf(spec);
  if (!times) return null;
  const overlap = OVERLAPS.find((policy) => policy === policies.overlap) ?? 'SKIP';
  const catchupMinutes = Math.round(policies.catchupWindow / MINUTE_MS);
  return {
    workflow: action.workflowType,
    input: (action.args?.[0] as unknown) ?? {},
    ...times,
    ...(spec.timezone ? { timezone: spec.timezone } : {}),
    overlap,
    ...(catchupMinutes >= 1 && catchupMinutes <= 527_040 ? { catchupMinutes } : {}),
    paused: state.paused,
  };
}

type Times = Pick<ScheduleDefinition, 'calendar' | 'every' | 'cron'>;

function timesOf({ calendars = [], intervals = [], skip = [] }: ScheduleDescription['spec']): Times | null {
  if (calendars.length + intervals.length !== 1 || skip.length > 0) return null;
  const [interval] = intervals;
  if (interval) {
    const [minutes, offsetMinutes] = [interval.every / MINUTE_MS, interval.offset / MINUTE_MS];
    if (!Number.isInteger(minutes) || !Number.isInteger(offsetMinutes)) return null;
    return { every: { minutes, ...(offsetMinutes > 0 ? { offsetMinutes } : {}) } };
  }
  const { comment, hour, minute, second, dayOfMonth, dayOfWeek, month, year } = calendars[0]!;
  // Temporal keeps a cron expression as the comment of the calendar that it becomes.
  if (comment) return { cron: comment };
  const [hours, minutes, seconds, days] = [hour, minute, second, dayOfMonth].map(valuesOf);
  const weekdays = valuesOf(dayOfWeek).map((day) => dayName(day));
  const isEveryMonth = valuesOf(month).length === 12 || valuesOf(month).length === 0;
  if (hours?.length !== 1 || minutes?.length !== 1 || (seconds ?? []).some((each) => each !== 0)) return null;
  if (!isEveryMonth || valuesOf(year).length > 0 || weekdays.includes(undefined)) return null;
  const isEveryDay = days!.length === 31 || days!.length === 0;
  if (!isEveryDay && days!.length > 1) return null;
  const known = weekdays.filter((day) => day !== undefined);
  return {
    calendar: {
      ...(isEveryDay ? {} : { dayOfMonth: Number(days![0]) }),
      ...(known.length > 0 && known.length < WEEKDAYS.length ? { weekdays: known } : {}),
      hour: Number(hours[0]),
      minute: Number(minutes[0]),
    },
  };
}

interface Range {
  readonly start: number | string;
  readonly end?: number | string;
  readonly step?: number;
}

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];

/** Lists the numbers of some ranges; names of days and months count from 0 and from 1. */
function valuesOf(ranges: readonly Range[] | undefined): number[] {
  return (ranges ?? []).flatMap(({ start, end = start, step = 1 }) => {
    const [from, to] = [numberOf(start), numberOf(end)];
    const values: number[] = [];
    for (let value = from; value <= Math.max(from, to); value += Math.max(1, step)) values.push(value);
    return values;
  });
}

function numberOf(value: number | string): number {
  if (typeof value === 'number') return value;
  const day = WEEKDAYS.findIndex((name) => name === value);
  return day >= 0 ? (day + 1) % 7 : MONTHS.indexOf(value) + 1;
}

/** @param day as Temporal counts, 0 for Sunday. */
function dayName(day: number): Weekday | undefined {
  return WEEKDAYS[(day + 6) % 7];
}
