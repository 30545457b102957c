/** Says which values of a metric are better. */

/** The value at which a metric is best; metrics that are missing here, such as a number of rows, have no direction. */
const BEST: Readonly<Record<string, number>> = {
  rmse: -Infinity,
  mae: -Infinity,
  mape: -Infinity,
  winkler: -Infinity,
  loss: -Infinity,
  r2: Infinity,
  bias: 0,
  // The interval is one of 90 %.
  coverage: 0.9,
};

/** Describes the months or the benchmark, and not the model. */
const OF_THE_DATA = /^(naive|without_growth)_/;

/** Differences below this share of the value are rounding. */
const EQUAL_SHARE = 1e-9;

export type Judgement = 'better' | 'worse' | 'equal';

/** Returns the distance from the best value, which is smaller for a better one; undefined for a metric without a direction. */
export function distanceFromBest(metric: string, value: number): number | undefined {
  if (OF_THE_DATA.test(metric)) return undefined;
  const best = BEST[/[a-z0-9]+$/.exec(metric)?.[0] ?? ''];
  if (best === undefined) return undefined;
  return Number.isFinite(best) ? Math.abs(value - best) : best > 0 ? -value : value;
}

/** Judges a value against a baseline; undefined for a metric without a direction. */
export function judged(metric: string, value: number, baseline: number): Judgement | undefined {
  const [a, b] = [distanceFromBest(metric, value), distanceFromBest(metric, baseline)];
  if (a === undefined || b === undefined) return undefined;
  if (Math.abs(a - b) <= EQUAL_SHARE * Math.max(Math.abs(a), Math.abs(b))) return 'equal';
  return a < b ? 'better' : 'worse';
}
