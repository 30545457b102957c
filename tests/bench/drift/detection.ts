/** Leaves out each week in turn and compares it like with like with all other weeks, unchanged and with a fault. */
import type { ResidualRules } from '../../../core/drift/decision/drift-rules.ts';
import type { HourResidual } from '../../../core/drift/residuals/hour-residual.ts';
import { rowsByWeek } from '../../../core/drift/rows-by-week.ts';
import { compareResiduals, type ResidualWeek } from '../../../core/drift/residuals/compare-residuals.ts';
import type { Change } from './changes.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

export interface Count {
  readonly found: number;
  readonly named: number;
  readonly of: number;
  /** Weeks with a false alarm, or weeks whose change was missed. */
  readonly wrong: readonly string[];
}

/** A week with fewer hours is at an end of the span. */
const WHOLE_WEEK = 160;

export class LeaveOneOut {
  readonly #hours: readonly HourResidual[];
  readonly #rules: ResidualRules;
  readonly #weeks: readonly { readonly week: string; readonly hours: readonly HourResidual[] }[];

  readonly #later: readonly HourResidual[];

  /**
   * Builds a bench of detection.
   * @param hours of a year, each predicted out of fold.
   * @param later hours, predicted by the model of the year; they include the week that begins in it and ends after it.
   */
  constructor(hours: readonly HourResidual[], later: readonly HourResidual[], rules: ResidualRules) {
    this.#hours = hours;
    this.#later = later;
    this.#rules = rules;
    this.#weeks = rowsByWeek(hours.map(({ date }) => date))
      .filter(({ rows }) => rows.length >= WHOLE_WEEK)
      .map(({ week, rows }) => ({ week, hours: rows.map((i) => hours[i]!) }));
  }

  /** Counts alarms on unchanged weeks. */
  falseAlarms(): Count {
    const alarmed = this.#weeks.filter(({ hours }) => this.#judge(hours)[0]!.alarm).map(({ week }) => week);
    return { found: alarmed.length, named: 0, of: this.#weeks.length, wrong: alarmed };
  }

  /** Counts weeks whose change is detected in the same week. */
  detections({ apply, named, shows }: Change): Count {
    const weeks = this.#weeks.filter(({ hours }) => !shows || shows(hours));
    const judged = weeks.map(({ hours }) => this.#judge(apply(hours))[0]!);
    return {
      found: judged.filter(({ alarm }) => alarm).length,
      named: judged.filter(({ findings }) => findings.some(({ kind }) => kind === named)).length,
      of: judged.length,
      wrong: judged.filter(({ alarm }) => !alarm).map(({ week }) => week),
    };
  }

  /** Counts weeks whose lasting change is detected in the same or the next week. */
  detectionsWithinTwoWeeks({ apply }: Change): Count {
    const all = [...this.#hours, ...this.#later];
    const byWeek = rowsByWeek(all.map(({ date }) => date));
    const missed = this.#weeks.filter(({ week, hours }) => {
      const next = byWeek[byWeek.findIndex((each) => each.week === week) + 1]?.rows ?? [];
      const both = [hours, next.map((i) => all[i]!)].map(apply).flat();
      return !this.#judge(both).some(({ alarm }) => alarm);
    });
    return {
      found: this.#weeks.length - missed.length,
      named: 0,
      of: this.#weeks.length,
      wrong: missed.map(({ week }) => week),
    };
  }

  /** Returns the weeks to leave out of the reference. */
  #judge(current: readonly HourResidual[]): readonly ResidualWeek[] {
    return compareResiduals({ reference: this.#hours, current, rules: this.#rules, place: FORMER_PLACE })
      .weeks;
  }
}
