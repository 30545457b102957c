/** Scores a trial on hours that its networks did not see. */
import type { ModelSpec } from '../../contracts/model.ts';
import { forecastOf, orderOfHeads } from '../serving/interval.ts';
import type { TrainingSet } from './training-set.ts';

/**
 * Returns the RMSE in trips per hour over all hidden hours of all masks.
 * @param heldOut [masks, rows, heads], predictions of the networks that each mask hides rows from.
 * @param masks [masks, rows]; 1 hides the row.
 * @returns NaN if a prediction is not a number, or if no row is hidden.
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
