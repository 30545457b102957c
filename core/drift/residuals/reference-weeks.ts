/** How reference's weeks scatter, once season and weather are taken out: what a week of current is held against. */
import type { LikeWithLikeRules } from '../decision/drift-rules.ts';
import type { HourResidual } from './hour-residual.ts';
import { rowsByWeek } from '../rows-by-week.ts';
import { spreadOf, type Spread } from './robust.ts';
import { HOUR_GROUPS, weekLevel, type WeekLevel } from './week-level.ts';

export class ReferenceWeeks {
  readonly weeks: number;
  /** Of weeks with enough usual days; undefined where there are too few of them. */
  readonly usual: Spread | undefined;
  /** Of single unusual days: a week of them is no surer than one, since one storm or one holiday makes them all. */
  readonly #unusual: Spread | undefined;
  readonly #byHours: readonly Spread[];
  readonly #rules: LikeWithLikeRules;

  constructor(reference: readonly HourResidual[], offset: number, rules: LikeWithLikeRules) {
    this.#rules = rules;
    const levelOf = (hours: readonly HourResidual[]) => weekLevel(hours, offset, rules.fewestUsualDays);
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
    const days = splitByDay(reference).map((hours) => weekLevel(hours, offset, 1));
    const unusual = days.filter(({ hours, usualDays }) => hours > 0 && usualDays === 0);
    const around = spreadOf(unusual.map(({ level }) => level));
    const deviation = unusual.length < rules.fewestReferenceWeeks ? Infinity : around.deviation;
    this.#unusual = { centre: this.usual.centre, deviation: Math.max(deviation, this.usual.deviation) };
  }

  /** Undefined where reference has too few weeks like it. */
  spreadFor(week: WeekLevel): Spread | undefined {
    const spread = this.#isUsual(week) ? this.usual : this.#unusual;
    return spread && Number.isFinite(spread.deviation) && spread.deviation > 0 ? spread : undefined;
  }

  /** What is off about a group of hours, in words. */
  hoursOff(week: WeekLevel): string | undefined {
    if (!this.#isUsual(week)) return undefined;
    const { sigmas, least } = this.#rules.hours;
    const off = this.#byHours.flatMap(({ centre, deviation }, at) => {
      const value = week.byHours[at]! - centre;
      const isOff = Math.abs(value) >= Math.max(sigmas * deviation, Math.log1p(least));
      return isOff ? [`${HOUR_GROUPS[at]} h ${share(value)}`] : [];
    });
    if (off.length === 0) return undefined;
    return `are off in some hours against the rest of the week: ${off.join(', ')}; stations used at these hours, or habits, have changed`;
  }

  /** Standard deviations beyond which a week like it alarms. */
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
