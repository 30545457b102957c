import type { Tensor } from '@tensorflow/tfjs';
import { QUANTILE_HEADS } from '../../../core/training/heads.ts';
import type { TensorFlow } from '../tensorflow.ts';

/** Computes max(q·e, (q − 1)·e) of head q. Its minimum is at the q-th quantile (Koenker & Bassett 1978). */
export function pinballLoss(tf: TensorFlow): (error: Tensor) => Tensor {
  const quantile = tf.tensor1d([...QUANTILE_HEADS]);
  const belowQuantile = tf.sub(quantile, 1);
  return (error) => tf.maximum(tf.mul(quantile, error), tf.mul(belowQuantile, error));
}
