/**
 * Estimates how far demand has moved from what a version predicts, from months published since its training: a local level model
 * (Harvey 1989; Durbin & Koopman 2012, chapter 2) of the logarithm of actual trips by predicted trips.
 */
import { addMonths, monthsOf } from '../../contracts/calendar.ts';
import { Z95 } from '../serving/interval.ts';
import type { ServingModel } from '../serving/serving-model.ts';

/** Represents a published month with all its trips, and what the version predicts for its hours with the observed weather. */
export interface PublishedMonth {
  /** `YYYY-MM` */
  readonly month: string;
  readonly hours: number;
  readonly actual: number;
  readonly predicted: number;
}

/** Represents the level after the last published month. */
export interface Level {
  readonly month: string;
  /** Logarithm of actual trips by predicted trips. */
  readonly log: number;
  readonly variance: number;
  /** Number of months that it is estimated from. */
  readonly months: number;
}

/** Represents the factor on predictions of a day, and the variance of its logarithm. */
export type LevelAt = (date: string) => { readonly factor: number; readonly variance: number };

export interface LevelNoise {
  /** Variance of a month's logarithm around the level, for a month of mean demand. */
  readonly month: number;
  /** Variance of the level's change from a month to the next. */
  readonly step: number;
}

/**
 * `month`: mean square of the twelve monthly logarithms of New York, 2024, predicted by networks that did not see their weeks.
 * `step`: the robust standard deviation of yearly growth is 0.110 in 41 years of ten American systems
 * (tests/bench/forecast/level-of-systems.ts), of which 0.06 is in the first variance already. A level that changes by `step`
 * per month gives 289/36 of it between the means of two years.
 */
export const LEVEL_NOISE: LevelNoise = { month: 0.0014, step: 0.0011 };

const MID_MONTH = 15;

/**
 * Filters the months after the training by their order. A month that is missing only adds to the variance. The variance of a month is
 * inverse to the square of its demand: a winter month says less than one of summer. In the years of other systems such a filter
 * errs by 16 % less two months ahead than no level, and by 9 % less than one with equal variances.
 * @param months with all their trips; those of the training are left out.
 * @returns null without a month that has trips.
 */
export function estimateLevel(
  months: readonly PublishedMonth[],
  model: Pick<ServingModel, 'growthMarginAt' | 'spec'>,
  noise: LevelNoise = LEVEL_NOISE,
): Level | null {
  const trainedTo = model.spec.trainedOn.to.slice(0, 7);
  const usable = months
    .filter(({ month, actual, predicted }) => month > trainedTo && actual > 0 && predicted > 0)
    .toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const [first] = usable;
  if (!first) return null;
  // Before the first month, the level is as unsure as the growth of the version.
  const before = growthVariance(model, `${first.month}-${MID_MONTH}`);
  let level: Level | null = null;
  const mean = model.spec.target.mean;
  for (const month of usable) {
    const error = noise.month * (mean / (month.predicted / month.hours)) ** 2;
    level = updated(level, month, before, { ...noise, month: error });
  }
  return level;
}

function updated(
  level: Level | null,
  { month, actual, predicted }: PublishedMonth,
  before: number,
  noise: LevelNoise,
): Level {
  const expected = level?.log ?? 0;
  const variance = level ? level.variance + noise.step * monthsBetween(level.month, month) : before;
  const gain = variance / (variance + noise.month);
  return {
    month,
    log: expected + gain * (Math.log(actual / predicted) - expected),
    variance: (1 - gain) * variance,
    months: (level?.months ?? 0) + 1,
  };
}

/** Returns the factor of an estimated level. Its variance grows with the months since. */
export function levelFrom({ month, log, variance }: Level, noise: LevelNoise = LEVEL_NOISE): LevelAt {
  const factor = Math.exp(log);
  return (date) => ({
    factor,
    variance: variance + noise.step * monthsBetween(month, date.slice(0, 7)),
  });
}

/** Returns a level of 1 with the variance of the version's growth, for a version without published months since its training. */
export function growthLevel(model: Pick<ServingModel, 'growthMarginAt'>): LevelAt {
  return (date) => ({ factor: 1, variance: growthVariance(model, date) });
}

function growthVariance(model: Pick<ServingModel, 'growthMarginAt'>, date: string): number {
  return (model.growthMarginAt(date) / Z95) ** 2;
}

function monthsBetween(earlier: string, later: string): number {
  return Math.max(0, monthsOf({ from: addMonths(earlier, 1), to: later }).length);
}
