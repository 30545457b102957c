import { Mt19937 } from '../mt19937.ts';
import type { CategoricalSample } from '../clean-sample.ts';
import { categorical, below, type StatTest } from './stat-test.ts';

/** Sets the seed and number of permutations of Evidently. */
const SEED = 0;
const PERMUTATIONS = 1000;

/**
 * Computes the permutation test of the total variation distance.
 * Use it for categories for which chisquare's approximation is doubtful. The time is proportional to a thousand times the values.
 * Formula: TVD = ½ Σ |p − q|; p = share of 1000 random splits of both samples together whose TVD is at least as large.
 * Source: Evidently's TVD. The splits are NumPy's for seed 0, in the order of the rows, so p equals Evidently's except for splits
 * that tie with the samples. Drift means p < 0.1.
 */
export const totalVariation: StatTest = {
  name: 'TVD',
  label: 'Total-Variation-Distance',
  types: ['cat'],
  threshold: 0.1,
  drifted: below,
  score(reference, current) {
    const codes = codesOf(categorical('TVD', reference), categorical('TVD', current));
    const { length: categories } = codes.counts;
    const observed = distance(codes.reference, codes.counts, reference.size, current.size);
    const generator = new Mt19937(SEED);
    const shuffled = new Int32Array(codes.values.length);
    const drawn = new Float64Array(categories);
    let extreme = 0;
    for (let k = 0; k < PERMUTATIONS; k++) {
      shuffled.set(codes.values);
      generator.shuffle(shuffled);
      drawn.fill(0);
      for (let i = 0; i < reference.size; i++) drawn[shuffled[i]!]! += 1;
      if (observed <= distance(drawn, codes.counts, reference.size, current.size)) extreme += 1;
    }
    return extreme / PERMUTATIONS;
  },
};

interface Codes {
  /** Category of each value. Values of reference come first. */
  readonly values: Int32Array;
  /** Number of values of each category in reference and in both samples. */
  readonly reference: Float64Array;
  readonly counts: Float64Array;
}

function codesOf(reference: CategoricalSample, current: CategoricalSample): Codes {
  const keys = [...new Set([...reference.counts.keys(), ...current.counts.keys()])];
  const codeOf = new Map(keys.map((key, code) => [key, code]));
  const values = new Int32Array(reference.size + current.size);
  let at = 0;
  for (const sample of [reference, current]) {
    for (const value of sample.inOrder()) values[at++] = codeOf.get(value)!;
  }
  const ours = Float64Array.from(keys, (key) => reference.counts.get(key) ?? 0);
  return {
    values,
    reference: ours,
    counts: ours.map((count, code) => count + (current.counts.get(keys[code]!) ?? 0)),
  };
}

/** Returns TVD with Evidently's order of rounding. @param drawn drawn values per category, `m` in all, of `counts`; `n` remain. */
function distance(drawn: Float64Array, counts: Float64Array, m: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += Math.abs(drawn[i]! / m - (counts[i]! - drawn[i]!) / n);
  return 0.5 * sum;
}
