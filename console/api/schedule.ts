/** Converts a schedule of Temporal to the form that the console shows. */
import type { ScheduleDescription } from '@temporalio/client';
import { HOUR_MS } from '../../contracts/calendar.ts';
import { definitionOf } from './schedule-definition.ts';
import type { ScheduleBody } from './schemas/schedules.ts';

const NEXT_TIMES = 5;
const WHOLE_WEEK = /^(SUNDAY-SATURDAY|0-6)$/;
const WHOLE_MONTH = '1-31';
const WHOLE_YEAR = /^(JANUARY-DECEMBER|1-12)$/;

export function scheduleBody(description: ScheduleDescription, managed: boolean): ScheduleBody {
  const { scheduleId, action, state, spec, info } = description;
  return {
    id: scheduleId,
    workflow: action.type === 'startWorkflow' ? action.workflowType : action.type,
    input: action.type === 'startWorkflow' ? (action.args?.[0] ?? null) : null,
    paused: state.paused,
    note: state.note ?? '',
    spec: describeSpec(spec),
    timezone: spec.timezone ?? null,
    // Temporal lists times of a paused schedule too, at which nothing starts.
    next: state.paused ? [] : info.nextActionTimes.slice(0, NEXT_TIMES).map((at) => at.toISOString()),
    recent: info.recentActions.map(({ takenAt, action: taken }) => ({
      at: takenAt.toISOString(),
      workflowId: taken.type === 'startWorkflow' ? taken.workflow.workflowId : null,
    })),
    managed,
    definition: definitionOf(description),
  };
}

function describeSpec({ calendars = [], intervals = [] }: ScheduleDescription['spec']): string {
  const texts = [
    ...calendars.map(({ month, dayOfMonth, dayOfWeek, hour, minute }) => {
      const days = rangesOf(dayOfMonth);
      const time = `${rangesOf(hour).padStart(2, '0')}:${rangesOf(minute).padStart(2, '0')}`;
      const week = rangesOf(dayOfWeek);
      const weekdays = week === '' || WHOLE_WEEK.test(week) ? '' : ` on ${week}`;
      const months = rangesOf(month);
      const inMonths = months === '' || WHOLE_YEAR.test(months) ? '' : ` in ${months}`;
      const isWholeMonth = days === '' || days === WHOLE_MONTH;
      return `${isWholeMonth ? (weekdays ? 'every week' : 'every day') : `day ${days} of the month`}${weekdays}${inMonths} at ${time}`;
    }),
    ...intervals.map(
      ({ every, offset }) =>
        `every ${spanOf(every)}${offset > 0 ? ` from ${spanOf(offset)} after midnight UTC` : ''}`,
    ),
  ];
  return texts.join('; ') || 'by hand';
}

const MINUTE_MS = 60_000;

function spanOf(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.round((ms % HOUR_MS) / MINUTE_MS);
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter(Boolean).join(' ');
}

interface Range {
  readonly start: number | string;
  readonly end?: number | string;
}

function rangesOf(ranges: readonly Range[] | undefined): string {
  return (ranges ?? [])
    .map(({ start, end }) => (end === undefined || end === start ? String(start) : `${start}-${end}`))
    .join(', ');
}
