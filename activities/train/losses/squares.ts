import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow.ts';

/** Computes e². Its minimum is at the mean. */
export function squaresLoss(tf: TensorFlow): (error: Tensor) => Tensor {
  return (error) => tf.square(error);
}
