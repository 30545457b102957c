/** What the outputs of a network mean, by the loss that it is trained with. */
import type { LossName } from '../../contracts/hyper-parameters.ts';
import type { ModelSpec } from '../../contracts/model.ts';

/** The bounds of a 90 % interval and the median, which is the prediction. */
export const QUANTILE_HEADS = [0.05, 0.5, 0.95] as const;

export function headsOf(loss: LossName): ModelSpec['heads'] {
  return loss === 'quantile' ? QUANTILE_HEADS : ['mean'];
}
