/**
 * Conformal correction of a quantile interval (Romano, Patterson & Candès 2019), each bound by itself and by group of hours: on
 * hours that the model was not fitted on, how far must the bound move for 95 % of them to lie on the right side of it?
 */
import type { ModelSpec } from '../../contracts/model.ts';

/** Hours that err alike: night, morning, midday, evening, late. First hour of each group. */
const GROUP_STARTS = [0, 6, 10, 16, 20] as const;

/** Share of hours that may lie beyond each bound; both together leave 90 %. */
const BEYOND = 0.05;

/** One hour that was held out, in trips per hour. */
export interface HeldOut {
  /** 0..23 */
  readonly hour: number;
  readonly actual: number;
  readonly lower: number;
  readonly upper: number;
}

export function hourGroupOf(hour: number): number {
  return GROUP_STARTS.findLastIndex((start) => hour >= start);
}

/** The smallest value with at least (1 − BEYOND)(n + 1) of `values` at or below it; the largest where n is too small for that. */
function conformalQuantile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((1 - BEYOND) * (sorted.length + 1)));
  return sorted[rank - 1] ?? 0;
}

/** 24 additions to each bound; 0 for hours whose group has no row. */
export function calibrateByHour(rows: readonly HeldOut[]): NonNullable<ModelSpec['calibration']> {
  const groups = GROUP_STARTS.map((_, group) => rows.filter(({ hour }) => hourGroupOf(hour) === group));
  const byGroup = groups.map((group) => ({
    lower: 0 - conformalQuantile(group.map(({ lower, actual }) => lower - actual)),
    upper: conformalQuantile(group.map(({ upper, actual }) => actual - upper)),
  }));
  const hours = Array.from({ length: 24 }, (_, hour) => byGroup[hourGroupOf(hour)]!);
  return { lower: hours.map(({ lower }) => lower), upper: hours.map(({ upper }) => upper) };
}
