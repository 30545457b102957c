/** Computes the 90 % interval of a prediction, for calibration, serving and evaluation. */
import type { ModelSpec } from '../../contracts/model.ts';

/** Represents the outputs of a network for one hour, in trips per hour. */
export interface RawForecast {
  /** Output of the predicting head. It may be negative. */
  readonly middle: number;
  /** Distances to the bounds before calibration. They are always positive. */
  readonly below: number;
  readonly above: number;
}

export interface HeadOrder {
  /** Index of the predicting head, or −1 if there is none. */
  readonly middle: number;
  /** Indices of the heads of the bounds, or −1 if the model has no such heads. */
  readonly low: number;
  readonly high: number;
}

/** Sets the minimum spread as a share of the target's mean, so that heads that meet or cross do not give an empty interval. */
export const LEAST_SPREAD = 0.005;

export function orderOfHeads(heads: ModelSpec['heads']): HeadOrder {
  return {
    middle: heads.findIndex((head) => head === 'mean' || head === 0.5),
    low: heads.indexOf(0.05),
    high: heads.indexOf(0.95),
  };
}

/**
 * Converts the outputs of a network. Without heads for the bounds, the spread is the prediction, because errors grow with demand.
 * @param outputs outputs of the network; those of this hour begin at `offset`.
 * @param growth growth factor of the day.
 */
export function forecastOf(
  outputs: ArrayLike<number>,
  offset: number,
  order: HeadOrder,
  target: ModelSpec['target'],
  growth: number,
): RawForecast {
  const trips = (head: number) => (outputs[offset + head]! * target.std + target.mean) * growth;
  const middle = trips(order.middle);
  const least = LEAST_SPREAD * target.mean;
  const hasBounds = order.low >= 0 && order.high >= 0;
  return {
    middle,
    below: Math.max(least, hasBounds ? middle - trips(order.low) : middle),
    above: Math.max(least, hasBounds ? trips(order.high) - middle : middle),
  };
}

/** Is the 95th percentile of the standard normal distribution. */
export const Z95 = 1.645;

/**
 * Returns the 95 % margin of growth on each side, as a share of the prediction. It is the standard error times the days since the
 * middle of the training span, where the level is known best. Hidden weeks lie within the span, so calibration does not cover it.
 * @param days days since `growth.origin`, the first day of the span.
 */
export function growthMargin(
  { growth, trainedOn }: Pick<ModelSpec, 'growth' | 'trainedOn'>,
  days: number,
): number {
  return growthMarginPerDay({ growth }) * Math.max(0, days - middleOfSpan({ trainedOn }));
}

export function growthMarginPerDay({ growth }: Pick<ModelSpec, 'growth'>): number {
  return Z95 * growth.standardError;
}

/** Returns the number of days from the first day to the middle of the training span. */
export function middleOfSpan({ trainedOn }: Pick<ModelSpec, 'trainedOn'>): number {
  return trainedOn.hours / 48;
}

/**
 * Returns the forecast with calibrated distances to the bounds of its 90 % interval.
 * @param factors factors on the distances to the bounds, from the hour's calibration, or 1.
 * @param margin margin of growth as a share of the prediction. It is independent of the distances, so squares are added.
 */
export function calibratedForecast(
  { middle, below, above }: RawForecast,
  factors: { readonly below: number; readonly above: number },
  margin = 0,
): RawForecast {
  const drift = margin * Math.max(0, middle);
  const widened = (distance: number) => Math.hypot(Math.max(0, distance), drift);
  return { middle, below: widened(factors.below * below), above: widened(factors.above * above) };
}

/** Returns the bounds of the calibrated forecast. Demand is never negative, and the interval always contains the prediction. */
export function intervalOf(
  forecast: RawForecast,
  factors: { readonly below: number; readonly above: number },
  margin = 0,
): { lower: number; upper: number } {
  const { middle, below, above } = calibratedForecast(forecast, factors, margin);
  const prediction = Math.max(0, middle);
  return {
    lower: Math.max(0, Math.min(middle - below, prediction)),
    upper: Math.max(middle + above, prediction),
  };
}
