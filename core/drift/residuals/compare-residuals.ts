/**
 * Compares the residuals of each week of current with those of reference. The model removes season and weather, so that all weeks of
 * a year are comparable.
 */
import { CitibikeError } from '../../../contracts/errors.ts';
import { cusum, type Cusum, type CusumWeek } from './cusum.ts';
import type { ResidualRules } from '../decision/drift-rules.ts';
import type { HourResidual } from './hour-residual.ts';
import { rowsByWeek } from '../rows-by-week.ts';
import { ReferenceWeeks } from './reference-weeks.ts';
import { StuckValues } from './stuck-values.ts';
import { WeatherUnits } from './unit-changes.ts';
import type { Place } from '../../../contracts/systems.ts';
import type { WeekFinding } from './week-finding.ts';
import { HOUR_GROUPS, createWeekLevel, type WeekLevel, type WeekLevelOf } from './week-level.ts';

export interface ResidualWeek {
  /** ISO week, such as `2025-W01`. */
  readonly week: string;
  readonly from: string;
  readonly to: string;
  /** Number of hours with trips. */
  readonly hours: number;
  /** Median of ln(trips / prediction) less reference's: about the share by which demand is off. Null if the data do not suffice. */
  readonly level: number | null;
  /** `level` in standard deviations of reference's weeks. */
  readonly z: number | null;
  /** Value of `|level|` from which it is an alarm. */
  readonly threshold: number | null;
  /** Level of the same ISO week a year before, or null if there is none. */
  readonly yearBefore: number | null;
  /** True if the level is unusual, but was similar a year before. This is not drift. */
  readonly asYearBefore: boolean;
  /** Share of hours within their interval, or null without intervals. */
  readonly coverage: number | null;
  readonly findings: readonly WeekFinding[];
  /** True for any finding except `not_judged`. */
  readonly alarm: boolean;
}

export interface ResidualComparison {
  /** Weeks of reference and their spread. */
  readonly reference: {
    readonly weeks: number;
    readonly centre: number | null;
    readonly deviation: number | null;
  };
  /** Weeks of earlier checks from which the cumulative sum continues. */
  readonly earlier: readonly EarlierWeek[];
  readonly weeks: readonly ResidualWeek[];
  readonly cusum: Cusum;
}

/** Represents the result of an earlier check of the same version for a week before current. */
interface EarlierWeek extends CusumWeek {
  readonly level: number | null;
}

export interface ResidualComparisonInput {
  /** All hours with out-of-fold predictions, not only those of current's season. More weeks give a better estimate of the spread. */
  readonly reference: readonly HourResidual[];
  /** Hours to check. Days of current are removed from reference. */
  readonly current: readonly HourResidual[];
  /** Hours a year before current. By default, those of reference. */
  readonly yearBefore?: readonly HourResidual[];
  /** Earlier weeks in order. By default, the cumulative sum begins at 0. */
  readonly earlier?: readonly EarlierWeek[];
  readonly rules: ResidualRules;
  /** Place of the hours, whose holidays are not usual days. */
  readonly place: Place;
}

/** Is the share of reference's mean trips per hour that is added to trips and prediction before the ratio. */
const OFFSET_SHARE = 0.005;

/** @throws CitibikeError INVALID_INPUT when reference has predictions of a model that was trained on their hours. */
export function compareResiduals({
  reference,
  current,
  yearBefore,
  earlier = [],
  rules,
  place,
}: ResidualComparisonInput): ResidualComparison {
  const inCurrent = new Set(current.map(({ date }) => date));
  const kept = reference.filter(({ date }) => !inCurrent.has(date));
  const fitted = kept.find(({ outOfFold }) => !outOfFold);
  if (fitted) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `reference: ${fitted.date} ${fitted.hour}:00 has a prediction of a model that was trained on this hour, expected only out-of-fold predictions`,
    );
  }
  const known = kept.filter(({ actual }) => actual !== null && Number.isFinite(actual));
  const mean = known.reduce((sum, { actual }) => sum + actual!, 0) / Math.max(1, known.length);
  const judge = new WeekJudge(kept, yearBefore ?? kept, createWeekLevel(place, OFFSET_SHARE * mean), rules);
  const dates = current.map(({ date }) => date);
  const weeks = rowsByWeek(dates).map(({ rows, ...week }) =>
    judge.week(
      week,
      rows.map((i) => current[i]!),
    ),
  );
  return { reference: judge.facts, earlier, weeks, cusum: cusum(weeks, rules.cusum, earlier) };
}

class WeekJudge {
  readonly #rules: ResidualRules;
  readonly #weekLevel: WeekLevelOf;
  readonly #reference: ReferenceWeeks;
  readonly #stuck: StuckValues;
  readonly #units: WeatherUnits;
  readonly #yearBefore: ReadonlyMap<string, readonly HourResidual[]>;

  constructor(
    reference: readonly HourResidual[],
    yearBefore: readonly HourResidual[],
    weekLevel: WeekLevelOf,
    rules: ResidualRules,
  ) {
    this.#rules = rules;
    this.#weekLevel = weekLevel;
    this.#reference = new ReferenceWeeks(reference, weekLevel, rules);
    this.#stuck = new StuckValues(reference, rules.stuck);
    this.#units = new WeatherUnits(reference, rules.unit);
    this.#yearBefore = new Map(
      rowsByWeek(yearBefore.map(({ date }) => date)).map(({ week, rows }) => [
        week,
        rows.map((i) => yearBefore[i]!),
      ]),
    );
  }

  get facts(): ResidualComparison['reference'] {
    const { weeks, usual } = this.#reference;
    return { weeks, centre: usual?.centre ?? null, deviation: usual?.deviation ?? null };
  }

  week(
    { week, from, to }: { readonly week: string; readonly from: string; readonly to: string },
    hours: readonly HourResidual[],
  ): ResidualWeek {
    const data = [...this.#stuck.findings(hours), ...this.#units.findings(hours)];
    const own = this.#weekLevel(hours, this.#rules.fewestUsualDays);
    const before = this.#levelBefore(week);
    const facts = { week, from, to, hours: own.hours, yearBefore: before, coverage: coverageOf(hours) };
    const spread = this.#reference.spreadFor(own);
    const unjudged = this.#whyNotJudged(own.hours, spread !== undefined);
    if (unjudged !== undefined || !spread) {
      const none: WeekFinding = { kind: 'not_judged', column: null, text: unjudged ?? '' };
      const nothing = { level: null, z: null, threshold: null, asYearBefore: false };
      return { ...facts, ...nothing, findings: [...data, none], alarm: data.length > 0 };
    }
    const level = own.level - spread.centre;
    const threshold = Math.max(
      this.#reference.sigmasFor(own) * spread.deviation,
      Math.log1p(this.#rules.level.least),
    );
    const isOff = Math.abs(level) >= threshold;
    const asYearBefore = isOff && before !== null && Math.abs(level - before) < threshold;
    const demand: WeekFinding[] = [];
    if (isOff && !asYearBefore) demand.push(this.#levelFinding(own, level, threshold));
    const hoursOff = this.#reference.hoursOff(own);
    if (hoursOff) demand.push({ kind: 'hours_shift', column: 'trips', text: hoursOff });
    const findings = [...demand, ...data];
    return {
      ...facts,
      ...{ level, threshold, asYearBefore, findings },
      z: asYearBefore ? 0 : level / spread.deviation,
      alarm: findings.length > 0,
    };
  }

  #whyNotJudged(hours: number, enough: boolean): string | undefined {
    const { fewestHours, fewestReferenceWeeks } = this.#rules;
    if (hours === 0) return 'its trips are not published yet';
    if (hours < fewestHours) return `only ${hours} hours have trips, expected at least ${fewestHours}`;
    if (!enough)
      return `reference has fewer than ${fewestReferenceWeeks} weeks, too few to estimate their spread`;
    return undefined;
  }

  #levelBefore(week: string): number | null {
    const hours = this.#yearBefore.get(`${Number(week.slice(0, 4)) - 1}${week.slice(4)}`);
    if (!hours) return null;
    const own = this.#weekLevel(hours, this.#rules.fewestUsualDays);
    const spread = this.#reference.spreadFor(own);
    return spread && own.hours >= this.#rules.fewestHours ? own.level - spread.centre : null;
  }

  /** Distinguishes lost stations, which reduce demand at all times, from events such as a storm, which affect some days or hours. */
  #levelFinding(own: WeekLevel, level: number, threshold: number): WeekFinding {
    const share = Math.expm1(level);
    const words = `are ${percent(share)} ${share > 0 ? 'above' : 'below'} what season and weather explain, with an alarm from ${percent(threshold)}`;
    if (share < 0 && isLowThroughout(own, level)) {
      const text = `${words}, on all days and at all hours: a group of stations or some files may be missing`;
      return { kind: 'lost_station_group', column: 'trips', text };
    }
    const hours = own.byHours.map((value, i) => `${HOUR_GROUPS[i]} h ${signed(value + level)}`).join(', ');
    return { kind: 'level_shift', column: 'trips', text: `${words} (${hours})` };
  }
}

/** Tells whether demand is low in every group of hours, and on all days except one at most. */
function isLowThroughout({ byHours, byDay }: WeekLevel, level: number): boolean {
  const notLow = (departures: readonly number[]) => departures.filter((value) => level + value >= 0).length;
  return notLow(byHours) === 0 && notLow(byDay) <= 1;
}

function coverageOf(hours: readonly HourResidual[]): number | null {
  const judged = hours.filter(
    ({ actual, lower, upper }) => actual !== null && lower !== null && upper !== null,
  );
  if (judged.length === 0) return null;
  const within = judged.filter(({ actual, lower, upper }) => actual! >= lower! && actual! <= upper!);
  return within.length / judged.length;
}

const percent = (share: number): string => `${(100 * Math.abs(share)).toFixed(0)} %`;
const signed = (log: number): string => `${log < 0 ? '−' : '+'}${percent(Math.expm1(log))}`;
