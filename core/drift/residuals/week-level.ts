/** Summarises the residuals of a week robustly, so that a single storm has little effect. */
import type { Place } from '../../../contracts/systems.ts';
import { dayFactsAt, type DayFacts } from '../../features/day-facts.ts';
import { epochDayOf } from '../../../contracts/calendar.ts';
import type { HourResidual } from './hour-residual.ts';
import { median } from './robust.ts';

/** Holds the groups of hours with similar demand: night, morning, day, evening, late. */
export const HOUR_GROUPS = ['0–5', '6–9', '10–15', '16–19', '20–23'] as const;
const LAST_HOURS = [5, 9, 15, 19, 23];

export interface WeekLevel {
  /** Number of hours with trips. */
  readonly hours: number;
  /** Number of days with trips that are not a holiday or next to one, and have neither snow nor heavy rain. */
  readonly usualDays: number;
  /** Median over hours of ln(trips / prediction), on usual days if there are enough of them. It is NaN without trips. */
  readonly level: number;
  /** The same by `HOUR_GROUPS`, less `level`. It is NaN for a group without trips. */
  readonly byHours: readonly number[];
  /** The same by day, less `level`. */
  readonly byDay: readonly number[];
}

/** Sets the inches of rain per day that reduce demand more than the model predicts. */
const HEAVY_RAIN = 0.5;

function isUsual(hour: HourResidual, facts: DayFacts): boolean {
  if ((hour.SNOW ?? 0) > 0 || (hour.SNWD ?? 0) > 0 || (hour.PRCP ?? 0) > HEAVY_RAIN) return false;
  const { isHoliday, holidayTomorrow, holidayYesterday, bridge, christmasWeek } = facts;
  return !(isHoliday || holidayTomorrow || holidayYesterday || bridge || christmasWeek);
}

/** @param offset is added to trips and predictions, so that ratios of small numbers weigh less: 2 to 4 less than 2000 to 4000. */
function logRatio({ actual, prediction }: HourResidual, offset: number): number {
  return Math.log(((actual ?? NaN) + offset) / (Math.max(0, prediction) + offset));
}

/** Summarises hours of a week. Below `fewestUsualDays`, all days count. */
export type WeekLevelOf = (hours: readonly HourResidual[], fewestUsualDays: number) => WeekLevel;

/** Returns a summary of weeks at a place, whose holidays are not usual days. @param offset as in `logRatio`. */
export function createWeekLevel(place: Place, offset: number): WeekLevelOf {
  const dayFacts = dayFactsAt(place);
  return (hours, fewestUsualDays) =>
    weekLevel(hours, offset, fewestUsualDays, (hour) => isUsual(hour, dayFacts(epochDayOf(hour.date))));
}

function weekLevel(
  hours: readonly HourResidual[],
  offset: number,
  fewestUsualDays: number,
  isUsualHour: (hour: HourResidual) => boolean,
): WeekLevel {
  const labelled = hours.filter(({ actual }) => actual !== null && Number.isFinite(actual));
  const usual = labelled.filter(isUsualHour);
  const usualDays = new Set(usual.map(({ date }) => date)).size;
  const judged = usualDays >= fewestUsualDays ? usual : labelled;
  const ratios = judged.map((hour) => logRatio(hour, offset));
  const level = median(ratios);
  const group = ({ hour }: HourResidual) => LAST_HOURS.findIndex((last) => hour <= last);
  const among = (belongs: (hour: HourResidual) => boolean) =>
    median(ratios.filter((_, i) => belongs(judged[i]!))) - level;
  return {
    hours: labelled.length,
    usualDays,
    level,
    byHours: HOUR_GROUPS.map((_, at) => among((hour) => group(hour) === at)),
    byDay: [...new Set(judged.map(({ date }) => date))].map((day) => among(({ date }) => date === day)),
  };
}
