/**
 * Lays out several networks of one shape that are trained at once: features -> hidden (relu) -> hidden (relu) -> heads. The first
 * layers of all members form one matrix: they read the same rows, and one large product is faster than many small ones.
 */
import type { DenseLayer, Network } from '../serving/layers-format.ts';
import { seededRandom, type Random } from '../random.ts';

export interface EnsembleShape {
  readonly features: number;
  readonly hidden: number;
  readonly heads: number;
  readonly members: number;
}

/** Represents one network of the ensemble. */
export interface EnsembleMember {
  readonly seed: number;
  /** Index of the mask that hides rows from this member, or null if it sees all rows. */
  readonly mask: number | null;
}

/** Represents parameter arrays: [W1, b1] of all members, then [W2, b2, W3, b3] of each member. */
export type Parameters = readonly Float32Array[];

export function parameterShapes({ features, hidden, heads, members }: EnsembleShape): number[][] {
  const own = [[hidden, hidden], [hidden], [hidden, heads], [heads]];
  return [
    [features, members * hidden],
    [members * hidden],
    ...Array.from({ length: members }, () => own).flat(),
  ];
}

/** Returns the weight decay of each parameter array. Kernels shrink, biases do not. */
export function decayOfKernels(shape: EnsembleShape, weightDecay: number): number[] {
  // Kernels and biases alternate.
  return parameterShapes(shape).map((_, p) => (p % 2 === 0 ? weightDecay : 0));
}

/** Returns Glorot-uniform kernels (Glorot & Bengio 2010), from one seed per member, and zero biases. */
export function initialParameters(shape: EnsembleShape, seeds: readonly number[]): Float32Array[] {
  const { features, hidden, heads, members } = shape;
  const randoms = Array.from({ length: members }, (_, m) => seededRandom(seeds[m]!, m));
  const firstKernel = new Float32Array(features * members * hidden);
  const rest = randoms.map((random, m) => {
    const kernel = glorot(features, hidden, random);
    for (let i = 0; i < features; i++) {
      firstKernel.set(kernel.subarray(i * hidden, (i + 1) * hidden), i * members * hidden + m * hidden);
    }
    return [
      glorot(hidden, hidden, random),
      new Float32Array(hidden),
      glorot(hidden, heads, random),
      new Float32Array(heads),
    ];
  });
  return [firstKernel, new Float32Array(members * hidden), ...rest.flat()];
}

function glorot(inputs: number, outputs: number, random: Random): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * limit);
}

/** Returns a network that averages the chosen members. */
export function networkOf(shape: EnsembleShape, parameters: Parameters, chosen: readonly number[]): Network {
  const { features, hidden, heads, members } = shape;
  return {
    members: chosen.map((m): DenseLayer[] => {
      const kernel = new Float32Array(features * hidden);
      for (let i = 0; i < features; i++) {
        const from = i * members * hidden + m * hidden;
        kernel.set(parameters[0]!.subarray(from, from + hidden), i * hidden);
      }
      const [w2, b2, w3, b3] = parameters.slice(2 + 4 * m, 6 + 4 * m) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const b1 = parameters[1]!.slice(m * hidden, (m + 1) * hidden);
      return [
        { inputs: features, outputs: hidden, activation: 'relu', kernel, bias: b1 },
        { inputs: hidden, outputs: hidden, activation: 'relu', kernel: w2, bias: b2 },
        { inputs: hidden, outputs: heads, activation: 'linear', kernel: w3, bias: b3 },
      ];
    }),
  };
}
