/** Estimates the spread of reference's weeks after season and weather, with which weeks of current are compared. */
import type { ResidualRules } from '../decision/drift-rules.ts';
import type { HourResidual } from './hour-residual.ts';
import { rowsByWeek } from '../rows-by-week.ts';
import { spreadOf, type Spread } from './robust.ts';
import { HOUR_GROUPS, type WeekLevel, type WeekLevelOf } from './week-level.ts';

export class ReferenceWeeks {
  readonly weeks: number;
  /** Spread of weeks with enough usual days. Undefined if there are too few such weeks. */
  readonly usual: Spread | undefined;
  /** Spread of single unusual days. It also applies to a week of them, because one storm or holiday may cause them all. */
  readonly #unusual: Spread | undefined;
  readonly #byHours: readonly Spread[];
  readonly #rules: ResidualRules;

  constructor(reference: readonly HourResidual[], weekLevel: WeekLevelOf, rules: ResidualRules) {
    this.#rules = rules;
    const levelOf = (hours: readonly HourResidual[]) => weekLevel(hours, rules.fewestUsualDays);
    const weeks = rowsByWeek(reference.map(({ date }) => date))
      .map(({ rows }) => levelOf(rows.map((i) => reference[i]!)))
      .filter(({ hours }) => hours >= rules.fewestHours);
    const usual = weeks.filter((week) => this.#isUsual(week));
    this.weeks = weeks.length;
    if (usual.length < rules.fewestReferenceWeeks) {
      this.#byHours = [];
      return;
    }
    this.usual = spreadOf(usual.map(({ level }) => level));
    this.#byHours = HOUR_GROUPS.map((_, at) =>
      spreadOf(usual.map(({ byHours }) => byHours[at]!).filter(Number.isFinite)),
    );
    const days = splitByDay(reference).map((hours) => weekLevel(hours, 1));
    const unusual = days.filter(({ hours, usualDays }) => hours > 0 && usualDays === 0);
    const around = spreadOf(unusual.map(({ level }) => level));
    const deviation = unusual.length < rules.fewestReferenceWeeks ? Infinity : around.deviation;
    this.#unusual = { centre: this.usual.centre, deviation: Math.max(deviation, this.usual.deviation) };
  }

  /** Returns the spread for a week, or undefined if reference has too few similar weeks. */
  spreadFor(week: WeekLevel): Spread | undefined {
    const spread = this.#isUsual(week) ? this.usual : this.#unusual;
    return spread && Number.isFinite(spread.deviation) && spread.deviation > 0 ? spread : undefined;
  }

  /** Describes groups of hours that differ from the rest of the week. */
  hoursOff(week: WeekLevel): string | undefined {
    if (!this.#isUsual(week)) return undefined;
    const { sigmas, least } = this.#rules.hours;
    const off = this.#byHours.flatMap(({ centre, deviation }, at) => {
      const value = week.byHours[at]! - centre;
      const isOff = Math.abs(value) >= Math.max(sigmas * deviation, Math.log1p(least));
      return isOff ? [`${HOUR_GROUPS[at]} h ${share(value)}`] : [];
    });
    if (off.length === 0) return undefined;
    return `differ in some hours from the rest of the week: ${off.join(', ')}; stations of these hours or habits may have changed`;
  }

  /** Returns the number of standard deviations from which such a week alarms. */
  sigmasFor(week: WeekLevel): number {
    const { sigmas, unusualSigmas } = this.#rules.level;
    return this.#isUsual(week) ? sigmas : unusualSigmas;
  }

  #isUsual({ usualDays }: WeekLevel): boolean {
    return usualDays >= this.#rules.fewestUsualDays;
  }
}

function splitByDay(hours: readonly HourResidual[]): HourResidual[][] {
  const days = new Map<string, HourResidual[]>();
  for (const hour of hours) {
    const day = days.get(hour.date);
    if (day) day.push(hour);
    else days.set(hour.date, [hour]);
  }
  return [...days.values()];
}

function share(log: number): string {
  const value = 100 * Math.expm1(log);
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(0)} %`;
}
