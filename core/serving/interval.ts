/** The 90 % interval round a prediction: the same arithmetic where it is calibrated, where it is served and where it is checked. */
import type { ModelSpec } from '../../contracts/model.ts';

/** What the heads of a network say of one hour, in trips per hour. */
export interface RawForecast {
  /** The head that predicts; may be below 0. */
  readonly middle: number;
  /** Distance from there to the bounds, before calibration; always positive. */
  readonly below: number;
  readonly above: number;
}

export interface HeadOrder {
  /** Index of the head that predicts; −1 where there is none. */
  readonly middle: number;
  /** Indices of the bounds' heads; −1 where the model has no such heads. */
  readonly low: number;
  readonly high: number;
}

/** Least spread as a share of the target's mean: heads that meet or cross must not give an interval of no width. */
export const LEAST_SPREAD = 0.005;

export function orderOfHeads(heads: ModelSpec['heads']): HeadOrder {
  return {
    middle: heads.findIndex((head) => head === 'mean' || head === 0.5),
    low: heads.indexOf(0.05),
    high: heads.indexOf(0.95),
  };
}

/**
 * Without heads of its own for the bounds, a model's spread is its prediction: errors grow with demand.
 * @param outputs of the network, those of this hour from `offset` on.
 * @param growth factor of the day.
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

/** Standard deviations of a normal distribution beyond which 5 % lie on one side. */
const Z95 = 1.645;

/**
 * Share of the prediction by which growth may have carried demand off, 95 % on each side: its standard error, for the days since the
 * middle of the training span, where the level is known best. Hidden weeks lie within the span and cannot tell of this.
 * @param days since `growth.origin`, the first of the span.
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

/** Days from the first to the middle of the training span. */
export function middleOfSpan({ trainedOn }: Pick<ModelSpec, 'trainedOn'>): number {
  return trainedOn.hours / 48;
}

/**
 * @param factors on the distances to the bounds: those of the hour's calibration, or 1.
 * @param margin of growth, as a share of the prediction: independent of the rest, so that squares add up; 0 within the span.
 */
export function intervalOf(
  { middle, below, above }: RawForecast,
  factors: { readonly below: number; readonly above: number },
  margin = 0,
): { lower: number; upper: number } {
  // Demand is never negative, and the interval always holds the prediction.
  const prediction = Math.max(0, middle);
  const drift = margin * prediction;
  const widened = (distance: number) => Math.hypot(Math.max(0, distance), drift);
  return {
    lower: Math.max(0, Math.min(middle - widened(factors.below * below), prediction)),
    upper: Math.max(middle + widened(factors.above * above), prediction),
  };
}
