/** Checks the times of rides against the months of their file. */
import type { MonthSpan } from '../../contracts/months.ts';
import { isOneMonth } from '../sources/months-in-name.ts';
import { HOUR_US, IMPOSSIBLE, wallClock } from './wall-clock.ts';
import { showValue } from '../../contracts/show-value.ts';

/** Sets the months before and after those of the file in which a ride may start. Beyond them, the clock was wrong. */
const REACH_MONTHS = 2;
/** The oldest published trips are of 2010. */
const FIRST_YEAR = 2010;

export class RideClock {
  readonly #months: MonthSpan;
  readonly #monthStart: number;
  /** Hours of the month, on the wall clock. */
  readonly #hours: number;
  readonly #earliestStart: number;
  readonly #latestStart: number;
  readonly #earliestEnd: number;
  readonly #latestEnd: number;
  /** Bounds of the starts that the reading of this month counts. */
  readonly #countedFrom: number;
  readonly #countedTo: number;
  readonly #countsUnreadable: boolean;

  /**
   * @param month `YYYY-MM`, the month for which the file is read.
   * @param months all months of the file, which is read once for each.
   */
  constructor(month: string, months: MonthSpan) {
    this.#months = months;
    this.#monthStart = startOfMonth(month, 0);
    const monthEnd = startOfMonth(month, 1);
    this.#hours = (monthEnd - this.#monthStart) / HOUR_US;
    this.#earliestStart = startOfMonth(months.from, -REACH_MONTHS);
    this.#latestStart = startOfMonth(months.to, 1 + REACH_MONTHS);
    this.#earliestEnd = startOfMonth(`${FIRST_YEAR}-01`, 0);
    this.#latestEnd = startOfMonth(`${Number(months.to.slice(0, 4)) + 2}-01`, 0);
    this.#countedFrom = month === months.from ? -Infinity : this.#monthStart;
    this.#countedTo = month === months.to ? Infinity : monthEnd;
    this.#countsUnreadable = month === months.from;
  }

  /**
   * Tells whether the reading of another month of the file counts the ride. Rides before the first month belong to it, as do
   * those with an unreadable start, and rides after the last month to that one. So each row counts once.
   */
  isOfOtherMonth(us: number): boolean {
    return us < this.#countedFrom || us >= this.#countedTo || (us !== us && !this.#countsUnreadable);
  }

  /** Returns false for NaN, because unreadable times are counted separately. */
  isWrongStart(us: number): boolean {
    return us < this.#earliestStart || us >= this.#latestStart;
  }

  isWrongEnd(us: number): boolean {
    return us < this.#earliestEnd || us >= this.#latestEnd;
  }

  /** Returns hours since the start of the month; -1 for a time of another month. */
  hourOfMonth(us: number): number {
    const hour = Math.floor((us - this.#monthStart) / HOUR_US);
    return hour >= 0 && hour < this.#hours ? hour : -1;
  }

  /** Returns hours from an hour of the month to that of a later time. */
  hoursUntil(us: number, hour: number): number {
    return (((us - this.#monthStart) / HOUR_US) | 0) - hour;
  }

  whyWrongStart(us: number, text: string): string {
    return us === IMPOSSIBLE
      ? `start time ${showValue(text)} is not a valid time`
      : `start time ${showValue(text)} is more than ${REACH_MONTHS} months from ${this.#named()} in the file name`;
  }

  whyWrongEnd(us: number, text: string): string {
    return us === IMPOSSIBLE
      ? `end time ${showValue(text)} is not a valid time`
      : `end time ${showValue(text)} is before ${FIRST_YEAR}, or years after ${this.#months.to}`;
  }

  #named(): string {
    const { from, to } = this.#months;
    return isOneMonth(this.#months) ? `${from}, the month` : `${from} to ${to}, the months`;
  }
}

/** @param offset months after `month`, `YYYY-MM`. */
function startOfMonth(month: string, offset: number): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const months = year * 12 + number - 1 + offset;
  return wallClock(Math.floor(months / 12), (months % 12) + 1, 1, 0, 0, 0);
}
