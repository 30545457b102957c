/** Checks the times of rides against the month of their archive. */
import { HOUR_US, IMPOSSIBLE, wallClock } from './wall-clock.ts';
import { showValue } from '../../contracts/show-value.ts';

/** Months before and after the archive's own in which a ride may start. Beyond them, the clock was wrong. */
const REACH_MONTHS = 2;
/** The system opened in 2013. */
const FIRST_YEAR = 2013;

export class RideClock {
  readonly #month: string;
  readonly #monthStart: number;
  /** Hours of the month, on the wall clock. */
  readonly #hours: number;
  readonly #earliestStart: number;
  readonly #latestStart: number;
  readonly #earliestEnd: number;
  readonly #latestEnd: number;

  /** @param month `YYYY-MM` */
  constructor(month: string) {
    const [year = 0, number = 0] = month.split('-').map(Number);
    this.#month = month;
    this.#monthStart = startOfMonth(year, number);
    this.#hours = (startOfMonth(year, number + 1) - this.#monthStart) / HOUR_US;
    this.#earliestStart = startOfMonth(year, number - REACH_MONTHS);
    this.#latestStart = startOfMonth(year, number + 1 + REACH_MONTHS);
    this.#earliestEnd = startOfMonth(FIRST_YEAR, 1);
    this.#latestEnd = startOfMonth(year + 2, 1);
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

  whyWrongStart(us: number, text: string): string {
    return us === IMPOSSIBLE
      ? `start time ${showValue(text)} is not a valid time`
      : `start time ${showValue(text)} is more than ${REACH_MONTHS} months from ${this.#month}, the month in the file name`;
  }

  whyWrongEnd(us: number, text: string): string {
    return us === IMPOSSIBLE
      ? `end time ${showValue(text)} is not a valid time`
      : `end time ${showValue(text)} is before ${FIRST_YEAR}, or years after ${this.#month}`;
  }
}

function startOfMonth(year: number, month: number): number {
  const months = year * 12 + month - 1;
  return wallClock(Math.floor(months / 12), (months % 12) + 1, 1, 0, 0, 0);
}
