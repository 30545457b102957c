/** Turns a schedule into the texts of its form, and the texts into what the server takes. */
import type { Weekday } from '../../../../../contracts/weekdays.ts';
import type { ScheduleDefinition } from '../../api/bodies.ts';

export const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;
export type Unit = keyof typeof UNITS;

/** Represents the texts of the form: when the schedule starts runs, and how. */
export interface ScheduleDraft {
  readonly kind: 'calendar' | 'every' | 'cron';
  /** `HH:MM` */
  readonly time: string;
  /** Empty for every day. */
  readonly dayOfMonth: string;
  /** Empty for every day of the week. */
  readonly weekdays: readonly Weekday[];
  readonly amount: string;
  readonly unit: Unit;
  readonly offsetMinutes: string;
  readonly cron: string;
  /** Null for that of the system, until a person chooses another. */
  readonly timezone: string | null;
  readonly overlap: ScheduleDefinition['overlap'];
  /** Empty for Temporal's default. */
  readonly catchupHours: string;
  readonly paused: boolean;
}

const NEW: ScheduleDraft = {
  kind: 'calendar',
  time: '06:00',
  dayOfMonth: '',
  weekdays: [],
  amount: '3',
  unit: 'hours',
  offsetMinutes: '0',
  cron: '0 6 * * MON-FRI',
  timezone: null,
  overlap: 'SKIP',
  catchupHours: '',
  paused: false,
};

/** Returns the form of a schedule, or of a new one. */
export function draftOf(definition: ScheduleDefinition | null | undefined): ScheduleDraft {
  if (!definition) return NEW;
  const { calendar, every, cron, timezone = '', overlap, catchupMinutes, paused } = definition;
  const draft = {
    ...NEW,
    timezone,
    overlap,
    paused,
    catchupHours: catchupMinutes === undefined ? '' : String(catchupMinutes / 60),
  };
  if (cron) return { ...draft, kind: 'cron', cron };
  if (every) {
    const unit: Unit = every.minutes % 1440 === 0 ? 'days' : every.minutes % 60 === 0 ? 'hours' : 'minutes';
    return {
      ...draft,
      kind: 'every',
      amount: String(every.minutes / UNITS[unit]),
      unit,
      offsetMinutes: String(every.offsetMinutes ?? 0),
    };
  }
  if (!calendar) return draft;
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return {
    ...draft,
    time: `${twoDigits(calendar.hour)}:${twoDigits(calendar.minute)}`,
    dayOfMonth: String(calendar.dayOfMonth ?? ''),
    weekdays: calendar.weekdays ?? [],
  };
}

/** Returns the definition without workflow and input. The server names fields that are wrong. */
export function timesOf(draft: ScheduleDraft): Omit<ScheduleDefinition, 'workflow' | 'input'> {
  const { kind, timezone, overlap, catchupHours, paused } = draft;
  const [hour = NaN, minute = NaN] = draft.time.split(':').map(Number);
  return {
    ...(kind === 'calendar'
      ? {
          calendar: {
            hour,
            minute,
            ...(draft.dayOfMonth ? { dayOfMonth: Number(draft.dayOfMonth) } : {}),
            ...(draft.weekdays.length > 0 ? { weekdays: [...draft.weekdays] } : {}),
          },
        }
      : {}),
    ...(kind === 'every'
      ? {
          every: {
            minutes: Math.round(Number(draft.amount) * UNITS[draft.unit]),
            offsetMinutes: Number(draft.offsetMinutes || 0),
          },
        }
      : {}),
    ...(kind === 'cron' ? { cron: draft.cron.trim() } : {}),
    ...(timezone && kind !== 'every' ? { timezone } : {}),
    overlap,
    ...(catchupHours ? { catchupMinutes: Math.round(Number(catchupHours) * 60) } : {}),
    paused,
  };
}
