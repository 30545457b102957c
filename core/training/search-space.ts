/** The hyper-parameters that a search varies, in which ranges, and how it samples them. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { seededRandom } from '../random.ts';

/** How a number in [0, 1) becomes a value. */
type Dimension =
  | { readonly kind: 'choice'; readonly values: readonly number[] }
  | { readonly kind: 'logUniform'; readonly from: number; readonly to: number };

/**
 * About the defaults that were found to work, where the time of a training goes to good use: smaller batches, wider layers and more
 * epochs cost much and won nothing on New York's 2024. Weight decay is in units of the learning rate: 1 takes some 80 % off a kernel
 * over a training of 25 epochs, were it not for the gradient; 0.1 takes next to nothing.
 */
export const SEARCH_SPACE = {
  learningRate: { kind: 'logUniform', from: 3e-4, to: 5e-3 },
  weightDecay: { kind: 'logUniform', from: 0.1, to: 10 },
  hidden: { kind: 'choice', values: [32, 48, 64, 96] },
  batch: { kind: 'choice', values: [64, 128, 256] },
  epochs: { kind: 'choice', values: [15, 20, 25, 30] },
} as const satisfies Partial<Record<keyof HyperParameters, Dimension>>;

type SearchedName = keyof typeof SEARCH_SPACE;
const SEARCHED_NAMES = Object.keys(SEARCH_SPACE) as SearchedName[];

/** Keeps these random numbers apart from those of weights and shuffles under the same seed. */
const STREAM = 0x7f4a7c15;

/** Digits of a sampled number: what is printed is what was tried. */
const DIGITS = 3;

/**
 * The trials of a search. Trial 0 is `base`; the others vary `SEARCH_SPACE` and keep the rest of it. They follow an additive
 * recurrence with the generalised golden ratio (M. Roberts 2018, the R_d sequence), shifted by the seed: as even as a Sobol
 * sequence at any length, so that trial n is the same however many are asked for.
 */
export function sampleTrials(base: HyperParameters, trials: number, seed: number): HyperParameters[] {
  const random = seededRandom(seed, STREAM);
  const steps = recurrenceSteps(SEARCHED_NAMES.length);
  const shifts = steps.map(() => random());
  return Array.from({ length: trials }, (_, trial) => {
    if (trial === 0) return base;
    const varied = SEARCHED_NAMES.map((name, d) => [
      name,
      valueAt(SEARCH_SPACE[name], (shifts[d]! + trial * steps[d]!) % 1),
    ]);
    return { ...base, ...(Object.fromEntries(varied) as Record<SearchedName, number>) };
  });
}

/** Powers of 1/φ, where φ is the positive root of x^(d+1) = x + 1. */
export function recurrenceSteps(dimensions: number): number[] {
  let root = 2;
  // Converges to the last bit in far fewer rounds.
  for (let round = 0; round < 64; round++) root = (1 + root) ** (1 / (dimensions + 1));
  return Array.from({ length: dimensions }, (_, d) => root ** -(d + 1));
}

function valueAt(dimension: Dimension, share: number): number {
  if (dimension.kind === 'choice') return dimension.values[Math.floor(share * dimension.values.length)]!;
  const { from, to } = dimension;
  return Number((from * (to / from) ** share).toPrecision(DIGITS));
}
