/**
 * Conformal calibration of a 90 % interval (Romano, Patterson & Candès 2019), each bound by itself and by group of hours: on hours
 * that were hidden from the members that predicted them, by which factor must the distance from prediction to bound grow or shrink
 * for 95 % of them to lie on the right side? A factor and not a number of trips, because errors grow with demand, and demand with
 * the season: trips learned in summer would be far too many in winter.
 */
import type { ModelSpec } from '../../contracts/model.ts';
import type { RawForecast } from '../serving/interval.ts';

/** Hours that err alike: night, morning, midday, evening, late. First hour of each group. */
const GROUP_STARTS = [0, 6, 10, 16, 20] as const;

/** Share of hours that may lie beyond each bound; both together leave 90 %. */
const BEYOND = 0.05;

/** One hour that was held out, in trips per hour. */
export interface HeldOut extends RawForecast {
  /** 0..23 */
  readonly hour: number;
  readonly actual: number;
}

export function hourGroupOf(hour: number): number {
  return GROUP_STARTS.findLastIndex((start) => hour >= start);
}

/** The smallest value with at least (1 − BEYOND)(n + 1) of `values` at or below it; the largest where n is too small for that. */
function conformalQuantile(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((1 - BEYOND) * (sorted.length + 1)));
  return sorted[rank - 1] ?? 1;
}

/** 24 factors for each bound; 1 for hours whose group has no row. */
export function calibrateByHour(rows: readonly HeldOut[]): NonNullable<ModelSpec['calibration']> {
  const groups = GROUP_STARTS.map((_, group) => rows.filter(({ hour }) => hourGroupOf(hour) === group));
  const byGroup = groups.map((group) => ({
    below: conformalQuantile(group.map(({ middle, below, actual }) => (middle - actual) / below)),
    above: conformalQuantile(group.map(({ middle, above, actual }) => (actual - middle) / above)),
  }));
  const hours = Array.from({ length: 24 }, (_, hour) => byGroup[hourGroupOf(hour)]!);
  return { below: hours.map(({ below }) => below), above: hours.map(({ above }) => above) };
}
