/** Computes the loss of each (member, row, head) from its error, target − head, in standard deviations of the target. */
import type { Tensor } from '@tensorflow/tfjs';
import type { LossName } from '../../../contracts/hyper-parameters.ts';
import type { TensorFlow } from '../tensorflow.ts';
import { huberLoss } from './huber.ts';
import { pinballLoss } from './pinball.ts';
import { squaresLoss } from './squares.ts';

/** Creates a loss that lives as long as TensorFlow. */
export const LOSSES: Readonly<Record<LossName, (tf: TensorFlow) => (error: Tensor) => Tensor>> = {
  quantile: pinballLoss,
  squares: squaresLoss,
  huber: huberLoss,
};
