import { scaled, type Scaling } from '../../../core/serving/forward-pass.ts';
import type { Network } from '../../../core/serving/layers-format.ts';

/**
 * Computes a network by its definition, in float64.
 * @param raw unscaled features.
 * @returns the heads and, by head, the sum of the last layer's absolute terms, as a scale for rounding errors.
 */
export function plainForwardPass({ members }: Network, scaling: Scaling, raw: readonly number[]) {
  const answers = members.map((layers) => {
    let values = raw.map((value, i) => scaled(value, i, scaling));
    let sizes = values;
    for (const { inputs, outputs, kernel, bias, activation } of layers) {
      const terms = Array.from({ length: outputs }, (_, o) => [
        bias[o]!,
        ...Array.from({ length: inputs }, (__, i) => kernel[i * outputs + o]! * values[i]!),
      ]);
      const totals = terms.map((each) => each.reduce((sum, term) => sum + term, 0));
      sizes = terms.map((each) => each.reduce((sum, term) => sum + Math.abs(term), 0));
      values = activation === 'relu' ? totals.map((total) => Math.max(0, total)) : totals;
    }
    return { values, sizes };
  });
  const mean = (of: 'values' | 'sizes') =>
    answers[0]![of].map((_, h) => answers.reduce((sum, answer) => sum + answer[of][h]!, 0) / answers.length);
  return { heads: mean('values'), sizes: mean('sizes') };
}
