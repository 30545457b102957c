/** Computes the growth of a day for training, serving and export. */
import { addMonths, daysOf, epochDayOf } from '../../contracts/calendar.ts';
import type { ModelSpec } from '../../contracts/model.ts';

/** Sets the months before and after the training months over which growth is extrapolated. Beyond them, growth stays constant. */
export const GROWTH_MONTHS = 18;

/** Represents the first and last day of the extrapolation, as days since `growth.origin`. */
export interface GrowthSpan {
  readonly first: number;
  readonly last: number;
  /** The same days as `YYYY-MM-DD`. */
  readonly firstDay: string;
  readonly lastDay: string;
}

export function growthSpanOf({ growth, trainedOn }: Pick<ModelSpec, 'growth' | 'trainedOn'>): GrowthSpan {
  // The ends of `trainedOn` are months or days.
  const { firstDay, lastDay } = daysOf({
    from: addMonths(trainedOn.from.slice(0, 7), -GROWTH_MONTHS),
    to: addMonths(trainedOn.to.slice(0, 7), GROWTH_MONTHS),
  });
  const origin = epochDayOf(growth.origin);
  return { first: epochDayOf(firstDay) - origin, last: epochDayOf(lastDay) - origin, firstDay, lastDay };
}

/** Limits `days` to the span of the extrapolation. */
export function heldDays(days: number, { first, last }: GrowthSpan): number {
  if (days > last) return last;
  return days < first ? first : days;
}

/** @param days days since `growth.origin`. */
export function growthFactorAt(growth: ModelSpec['growth'], days: number): number {
  return Math.exp(growth.rate * days);
}
