import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow.ts';

/** Sets the error in standard deviations above which the loss is linear, about one hour in ten of a trained model. */
const DELTA = 0.5;

/** Computes e²/2 up to DELTA, then DELTA·(|e| − DELTA/2) (Huber 1964). Its minimum is near the mean; outliers matter less. */
export function huberLoss(tf: TensorFlow): (error: Tensor) => Tensor {
  return (error) => {
    const size = tf.abs(error);
    const near = tf.minimum(size, DELTA);
    return tf.add(tf.mul(0.5, tf.square(near)), tf.mul(DELTA, tf.sub(size, near)));
  };
}
