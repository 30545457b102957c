/** Maps the loss of a training to the heads of the network. */
import type { LossName } from '../../contracts/hyper-parameters.ts';
import type { ModelSpec } from '../../contracts/model.ts';

/** Lists the quantiles: the bounds of a 90 % interval, and the median as the prediction. */
export const QUANTILE_HEADS = [0.05, 0.5, 0.95] as const;

export function headsOf(loss: LossName): ModelSpec['heads'] {
  return loss === 'quantile' ? QUANTILE_HEADS : ['mean'];
}
