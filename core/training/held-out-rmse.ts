/** The measure of a trial: how far off it is on hours that it was not shown. */
import type { ModelSpec } from '../../contracts/model.ts';
import { forecastOf, orderOfHeads } from '../serving/interval.ts';
import type { TrainingSet } from './training-set.ts';

/**
 * RMSE in trips an hour over the hours that any mask hides, all masks together, in the order of the rows.
 * @param heldOut [masks, rows, heads] of the networks that each mask hides rows from.
 * @param masks [masks, rows], 1 hides the row.
 * @returns NaN when a prediction is not a number, or nothing is hidden.
 */
export function heldOutRmse(
  training: Pick<TrainingSet, 'trips' | 'growthFactor' | 'target'>,
  heads: ModelSpec['heads'],
  masks: Uint8Array,
  heldOut: Float32Array,
): number {
  const rows = training.trips.length;
  const order = orderOfHeads(heads);
  let [squares, count] = [0, 0];
  for (let i = 0; i < masks.length; i++) {
    if (masks[i] !== 1) continue;
    const row = i % rows;
    const { middle } = forecastOf(
      heldOut,
      i * heads.length,
      order,
      training.target,
      training.growthFactor[row]!,
    );
    squares += (Math.max(0, middle) - training.trips[row]!) ** 2;
    count += 1;
  }
  return Math.sqrt(squares / count);
}
