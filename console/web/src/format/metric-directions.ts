/** Says which values of a metric are better. */
import { metricFacts } from '../../../../contracts/metric-facts.ts';

/** Differences below this share of the value are rounding. */
const EQUAL_SHARE = 1e-9;

export type Judgement = 'better' | 'worse' | 'equal';

/** Returns the distance from the best value, which is smaller for a better one; undefined for a metric without a direction. */
export function distanceFromBest(metric: string, value: number): number | undefined {
  const { best } = metricFacts(metric);
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
