/**
 * Estimates growth apart from season and weather, by a log-linear regression of the daily totals. Within one year a trend and a
 * season look alike, so each coefficient has a Gaussian prior (ridge). If the data do not separate them, the estimate is the system's
 * long-run rate with a wide standard error.
 */
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec } from '../../contracts/model.ts';
import { dayOfYearOf, epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import { isChristmasWeek, isWorkday } from '../features/holidays.ts';
import { inverseSpd, times } from './linear-algebra.ts';

export type Growth = ModelSpec['growth'];

/** Is the mean length of a year in days. */
const YEAR_DAYS = 365.25;

/** Sets the minimum number of days for an estimate. */
const LEAST_DAYS = 28;

/** Citi Bike grew from 14 million rides in 2016 to 44 million in 2024: ln(44 / 14) / 8 years. */
const YEARLY_GROWTH = 0.14;

/** Lists the prior standard deviations of coefficients on the logarithm of daily trips; 0.2 is a factor of e^0.2 = 1.22. */
const PRIOR = {
  intercept: 100,
  /** Growth of a single year around `YEARLY_GROWTH`; about the spread of Citi Bike's years from 2016 to 2024. */
  year: 0.12,
  /** Seasonal variation that temperature and rain do not explain. */
  season: 0.1,
  weather: 0.5,
  calendar: 0.5,
} as const;

interface DayTotal {
  readonly day: number;
  readonly trips: number;
  readonly row: FrameRow;
}

function dailyTotals(rows: readonly FrameRow[]): DayTotal[] {
  const totals = new Map<string, DayTotal>();
  for (const row of rows) {
    const before = totals.get(row.date);
    totals.set(row.date, { day: epochDayOf(row.date), trips: (before?.trips ?? 0) + row.trips, row });
  }
  return [...totals.values()].filter(({ trips }) => trips > 0).sort((a, b) => a.day - b.day);
}

/** Returns the regressors of one day, each with its prior width. Time comes second. */
function regressors({ day, row }: DayTotal, origin: number): [value: number, prior: number][] {
  const season = (2 * Math.PI * dayOfYearOf(day)) / YEAR_DAYS;
  const warmth = ((row.TMAX ?? 60) - 60) / 20;
  const rain = row.PRCP ?? 0;
  return [
    [1, PRIOR.intercept],
    [(day - origin) / YEAR_DAYS, PRIOR.year],
    ...[Math.sin(season), Math.cos(season), Math.sin(2 * season), Math.cos(2 * season)].map(
      (value): [number, number] => [value, PRIOR.season],
    ),
    ...[
      warmth,
      warmth ** 2,
      Math.log1p(10 * rain),
      rain > 0.02 ? 1 : 0,
      Math.log1p(row.SNOW ?? 0),
      (row.SNWD ?? 0) / 5,
      ((row.AWND ?? 10) - 10) / 10,
    ].map((value): [number, number] => [value, PRIOR.weather]),
    ...Array.from({ length: 7 }, (_, i): [number, number] => [weekdayOf(day) === i ? 1 : 0, PRIOR.calendar]),
    [isWorkday(day, row.holiday > 0) ? 1 : 0, PRIOR.calendar],
    [isChristmasWeek(day) ? 1 : 0, PRIOR.calendar],
  ];
}

interface Fit {
  readonly coefficients: number[];
  readonly covariance: number[][];
  readonly residuals: number[];
}

function ridge(
  design: readonly (readonly number[])[],
  target: readonly number[],
  priors: readonly number[],
  variance: number,
): Fit {
  const columns = priors.length;
  const precision = priors.map((prior, i) => priors.map((_, j) => (i === j ? 1 / prior ** 2 : 0)));
  const moment = new Array<number>(columns).fill(0);
  design.forEach((row, d) => {
    for (let i = 0; i < columns; i++) {
      moment[i]! += (row[i]! * target[d]!) / variance;
      for (let j = 0; j < columns; j++) precision[i]![j]! += (row[i]! * row[j]!) / variance;
    }
  });
  const covariance = inverseSpd(precision);
  const coefficients = times(covariance, moment);
  const fitted = times(design, coefficients);
  return { coefficients, covariance, residuals: target.map((value, d) => value - fitted[d]!) };
}

const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

/** Returns the variance per independent day. Residuals of neighbouring days correlate, so a day counts (1 − ρ)/(1 + ρ). */
function variancePerIndependentDay(residuals: readonly number[]): number {
  const variance = square(residuals) / residuals.length;
  const lagged =
    residuals.slice(1).reduce((sum, value, i) => sum + value * residuals[i]!, 0) / residuals.length;
  const rho = Math.min(0.9, Math.max(0, lagged / variance));
  return (variance * (1 + rho)) / (1 - rho);
}

/**
 * Estimates growth per day (natural logarithm) with its standard error, from `rows` only. The origin is the first day of `rows`.
 * With fewer than 28 days, the rate is 0 and the standard error is the width of the prior.
 */
export function estimateGrowth(rows: readonly FrameRow[]): Growth {
  const days = dailyTotals(rows);
  const origin = days[0]?.row.date ?? rows[0]?.date ?? '1970-01-01';
  const unknown = { rate: 0, standardError: PRIOR.year / YEAR_DAYS, origin };
  if (days.length < LEAST_DAYS) return unknown;
  const table = days.map((day) => regressors(day, days[0]!.day));
  const design = table.map((row) => row.map(([value]) => value));
  const priors = table[0]!.map(([, prior]) => prior);
  // Subtracting the prior mean gives every coefficient a prior of mean 0. It is added again at the end.
  const target = days.map(
    ({ trips, day }) => Math.log(trips) - (YEARLY_GROWTH * (day - days[0]!.day)) / YEAR_DAYS,
  );
  // The weight of the priors depends on the noise: iterate from the spread of the totals.
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  let variance = square(target.map((value) => value - mean)) / target.length;
  if (!(variance > 0)) return unknown;
  let fit = ridge(design, target, priors, variance);
  for (let round = 0; round < 5; round++) {
    variance = Math.max(variancePerIndependentDay(fit.residuals), 1e-6);
    fit = ridge(design, target, priors, variance);
  }
  return {
    rate: (YEARLY_GROWTH + fit.coefficients[1]!) / YEAR_DAYS,
    standardError: Math.sqrt(fit.covariance[1]![1]!) / YEAR_DAYS,
    origin,
  };
}
