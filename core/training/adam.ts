/**
 * Implements Adam (Kingma & Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2) on typed arrays.
 * The whole state can be saved, so a resumed training gives bit-identical results.
 */

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

export interface AdamState {
  /** Number of updates so far. */
  step: number;
  /** First and second moments, one array per parameter array. */
  readonly first: readonly Float32Array[];
  readonly second: readonly Float32Array[];
}

export function newAdamState(parameters: readonly Float32Array[]): AdamState {
  return {
    step: 0,
    first: parameters.map((values) => new Float32Array(values.length)),
    second: parameters.map((values) => new Float32Array(values.length)),
  };
}

/**
 * Updates the parameters in place.
 * @param gradients arrays in the order and sizes of `parameters`.
 * @param weightDecay share by which a step shrinks a parameter, in units of the learning rate; one number per parameter array.
 */
export function adamStep(
  parameters: readonly Float32Array[],
  gradients: readonly ArrayLike<number>[],
  state: AdamState,
  learningRate: number,
  weightDecay: readonly number[],
): void {
  state.step += 1;
  const correction2 = 1 - BETA2 ** state.step;
  const rate = (learningRate * Math.sqrt(correction2)) / (1 - BETA1 ** state.step);
  const epsilon = EPSILON * Math.sqrt(correction2);
  parameters.forEach((values, p) => {
    const gradient = gradients[p]!;
    const first = state.first[p]!;
    const second = state.second[p]!;
    const kept = 1 - learningRate * weightDecay[p]!;
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      const m = BETA1 * first[i]! + (1 - BETA1) * g;
      const v = BETA2 * second[i]! + (1 - BETA2) * g * g;
      first[i] = m;
      second[i] = v;
      values[i] = kept * values[i]! - (rate * m) / (Math.sqrt(v) + epsilon);
    }
  });
}

/** Returns the learning rate of a step, which falls from `peak` to 0 along half a cosine. */
export function cosineDecay(peak: number, step: number, steps: number): number {
  return (peak / 2) * (1 + Math.cos((Math.PI * step) / steps));
}
