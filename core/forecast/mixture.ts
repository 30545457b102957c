/**
 * Mixes the predictions of equally likely scenarios into one distribution. Each has its own median and distances to its 5th and 95th
 * percentile. Between and beyond them it has the shape of Student's t with 5 degrees of freedom, which fits the hidden hours of New
 * York, 2024: their quantiles .25, .75, .9 and .975 lie at 0.34, 0.37, 0.74 and 1.26 of these distances; the shape's at 0.36, 0.36,
 * 0.73 and 1.28.
 */
import type { RawForecast } from '../serving/interval.ts';

/** Is the 95th percentile of Student's t with 5 degrees of freedom. */
const T95 = 2.015048;

/** Returns the probability that Student's t with 5 degrees of freedom is at most x (Abramowitz & Stegun 26.7.3). */
function studentCdf(x: number): number {
  const root = Math.sqrt(5);
  const cosineSquared = 5 / (5 + x * x);
  const sineTimesCosine = (x * root) / (5 + x * x);
  return 0.5 + (Math.atan(x / root) + sineTimesCosine * (1 + (2 / 3) * cosineSquared)) / Math.PI;
}

/** Returns the probability of at most `trips`. */
export function mixtureCdf(parts: readonly RawForecast[], trips: number): number {
  let sum = 0;
  for (const { middle, below, above } of parts) {
    const distance = trips - middle;
    const scale = distance < 0 ? below : above;
    sum += scale > 0 ? studentCdf((T95 * distance) / scale) : distance < 0 ? 0 : 1;
  }
  return sum / parts.length;
}

/** Returns the mean of the medians, which is the prediction. Demand is never negative. */
export function mixtureMean(parts: readonly RawForecast[]): number {
  return parts.reduce((sum, { middle }) => sum + Math.max(0, middle), 0) / parts.length;
}

/** Is the share of a distance that the quantile may be off. */
const TOLERANCE = 1e-4;
const MOST_STEPS = 60;
/** Is the multiple of the distances that brackets the quantiles of every part. The shape has 1 in 20,000 beyond it. */
const REACH = 5;

/** Finds the quantile by the Illinois method (Dowell & Jarratt 1971). It is never negative. */
export function mixtureQuantile(parts: readonly RawForecast[], probability: number): number {
  let [low, high, widest] = [Infinity, -Infinity, 0];
  for (const { middle, below, above } of parts) {
    low = Math.min(low, middle - REACH * below);
    high = Math.max(high, middle + REACH * above);
    widest = Math.max(widest, below, above);
  }
  let atLow = mixtureCdf(parts, low) - probability;
  let atHigh = mixtureCdf(parts, high) - probability;
  let side = 0;
  for (let step = 0; step < MOST_STEPS && high - low > TOLERANCE * widest; step++) {
    const middle = (low * atHigh - high * atLow) / (atHigh - atLow);
    const value = mixtureCdf(parts, middle) - probability;
    if (Math.abs(value) < TOLERANCE / 10) return Math.max(0, middle);
    if (value > 0) {
      [high, atHigh] = [middle, value];
      if (side === 1) atLow /= 2;
      side = 1;
    } else {
      [low, atLow] = [middle, value];
      if (side === -1) atHigh /= 2;
      side = -1;
    }
  }
  return Math.max(0, (low + high) / 2);
}
