/** Computes the ensemble's forward pass, loss and gradient in TensorFlow.js. */
import type { Rank, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { LossName } from '../../contracts/hyper-parameters.ts';
import { parameterShapes, type EnsembleShape, type Parameters } from '../../core/training/ensemble.ts';
import { LOSSES } from './losses/index.ts';
import type { TensorFlow } from './tensorflow.ts';

export interface EnsembleMath {
  /** Computes the heads of every member: [members, rows, heads], row by row. */
  forward(parameters: Parameters, x: Float32Array, rows: number): Float32Array;
  /**
   * Computes loss and gradient on one batch.
   * @param y [rows]
   * @param weight [members, rows]: 0 hides a row from a member.
   * @returns costs [members, rows], summed over heads, for hidden rows too; and one gradient per parameter, of the mean cost of
   * visible rows of the batch.
   */
  gradient(
    parameters: Parameters,
    x: Float32Array,
    y: Float32Array,
    weight: Float32Array,
  ): { costs: Float32Array; gradients: Float32Array[] };
}

export function ensembleMath(tf: TensorFlow, shape: EnsembleShape, lossName: LossName): EnsembleMath {
  const shapes = parameterShapes(shape);
  const { members, features } = shape;
  const lossOf = LOSSES[lossName](tf);

  /**
   * Multiplies matrices with a gradient that transposes explicitly. The WASM backend multiplies plain matrices with XNNPACK, but
   * transposed ones with simple loops, which are three times slower.
   */
  const product = tf.customGrad((x, w, save) => {
    (save as (tensors: Tensor[]) => void)([x as Tensor, w as Tensor]);
    return {
      value: tf.matMul(x as Tensor2D, w as Tensor2D),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [input, kernel] = saved as [Tensor2D, Tensor2D];
        return [tf.matMul(dy, tf.transpose(kernel)), tf.matMul(tf.transpose(input), dy)];
      },
    };
  });

  const heads = (x: Tensor2D, parameters: readonly Tensor[]): Tensor => {
    const first = tf.relu(tf.add(product(x, parameters[0]!), parameters[1]!));
    const outputs = tf.split(first, members, 1).map((hidden, m) => {
      const [w2, b2, w3, b3] = parameters.slice(2 + 4 * m, 6 + 4 * m) as [Tensor, Tensor, Tensor, Tensor];
      return tf.add(product(tf.relu(tf.add(product(hidden, w2), b2)), w3), b3);
    });
    return tf.stack(outputs);
  };

  const tensors = (parameters: Parameters): Tensor<Rank>[] =>
    parameters.map((values, p) => tf.tensor(values, shapes[p]));

  return {
    forward(parameters, x, rows) {
      const out = tf.tidy(() => heads(tf.tensor2d(x, [rows, features]), tensors(parameters)));
      const values = out.dataSync<'float32'>();
      out.dispose();
      return values;
    },
    gradient(parameters, x, y, weight) {
      const rows = y.length;
      // Numbers are read outside tidy, which would visit every float of a returned array.
      const [costs, ...gradients] = tf.tidy(() => {
        const input = tf.tensor2d(x, [rows, features]);
        const target = tf.tensor3d(y, [1, rows, 1]);
        const share = tf.tensor2d(weight, [members, rows]);
        let cost: Tensor | undefined;
        const shown = (...current: Tensor[]) => {
          // The tape of the gradient would dispose of the tensor.
          cost = tf.keep(tf.sum(lossOf(tf.sub(target, heads(input, current))), 2));
          return tf.div(tf.sum(tf.mul(cost, share)), rows).asScalar();
        };
        const { grads } = tf.valueAndGrads(shown)(tensors(parameters));
        return [cost!, ...grads];
      });
      const result = {
        costs: costs.dataSync<'float32'>(),
        gradients: gradients.map((tensor) => tensor.dataSync<'float32'>()),
      };
      tf.dispose([costs, ...gradients]);
      return result;
    },
  };
}
