import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../tensorflow.ts';

/** Error, in standard deviations of the target, from which the loss grows in proportion: about one hour in ten of a trained model. */
const DELTA = 0.5;

/** e²/2 up to DELTA, then DELTA·(|e| − DELTA/2) (Huber 1964): least near the mean, and less moved by hours that nothing explains. */
export function huberLoss(tf: TensorFlow): (error: Tensor) => Tensor {
  return (error) => {
    const size = tf.abs(error);
    const near = tf.minimum(size, DELTA);
    return tf.add(tf.mul(0.5, tf.square(near)), tf.mul(DELTA, tf.sub(size, near)));
  };
}
