/**
 * Calibrates a 90 % interval by conformal prediction (Romano, Patterson & Candès 2019), each bound separately and by group of hours.
 * It finds the factor on the distance from prediction to bound with which 95 % of the hidden hours are within the bound. A factor fits
 * all seasons, because errors grow with demand.
 */
import type { ModelSpec } from '../../contracts/model.ts';
import type { RawForecast } from '../serving/interval.ts';

/** Lists the first hour of each group of hours with similar errors: night, morning, midday, evening, late. */
const GROUP_STARTS = [0, 6, 10, 16, 20] as const;

/** Is the share of hours that may lie beyond each bound, which leaves 90 % between the bounds. */
const BEYOND = 0.05;

/** Represents one hidden hour, in trips per hour. */
export interface HeldOut extends RawForecast {
  /** Hour of the day, 0 to 23. */
  readonly hour: number;
  readonly actual: number;
}

export function hourGroupOf(hour: number): number {
  return GROUP_STARTS.findLastIndex((start) => hour >= start);
}

/** Returns the smallest value with at least (1 − BEYOND)(n + 1) of `values` at or below it, or the largest if n is too small. */
function conformalQuantile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((1 - BEYOND) * (sorted.length + 1)));
  return sorted[rank - 1] ?? 1;
}

/** Returns 24 factors for each bound. The factor is 1 for hours whose group has no row. */
export function calibrateByHour(rows: readonly HeldOut[]): NonNullable<ModelSpec['calibration']> {
  const groups = GROUP_STARTS.map((_, group) => rows.filter(({ hour }) => hourGroupOf(hour) === group));
  const byGroup = groups.map((group) => ({
    below: conformalQuantile(group.map(({ middle, below, actual }) => (middle - actual) / below)),
    above: conformalQuantile(group.map(({ middle, above, actual }) => (actual - middle) / above)),
  }));
  const hours = Array.from({ length: 24 }, (_, hour) => byGroup[hourGroupOf(hour)]!);
  return { below: hours.map(({ below }) => below), above: hours.map(({ above }) => above) };
}
