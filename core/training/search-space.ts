/** Defines the hyper-parameters and ranges of a search, and samples them. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { seededRandom } from '../random.ts';

/** Maps a number in [0, 1) to a value. */
type Dimension =
  | { readonly kind: 'choice'; readonly values: readonly number[] }
  | { readonly kind: 'logUniform'; readonly from: number; readonly to: number };

/**
 * Ranges around the defaults. On New York's 2024, smaller batches, wider layers and more epochs took longer without a lower error.
 * Weight decay is in units of the learning rate. Without a gradient, 1 shrinks a kernel by about 80 % over 25 epochs; 0.1 has almost
 * no effect.
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

/** Separates these random numbers from those of weights and shuffles under the same seed. */
const STREAM = 0x7f4a7c15;

/** Sets the significant digits of a sampled number, so that reports show exactly the value that was used. */
const DIGITS = 3;

/**
 * Samples the trials of a search. Trial 0 is `base`; the others vary the entries of `SEARCH_SPACE` and keep the rest of `base`. They
 * follow an additive recurrence with the generalised golden ratio (M. Roberts 2018, the R_d sequence), shifted by the seed. Trial n
 * is therefore the same for any number of trials.
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

/** Returns powers of 1/φ, where φ is the positive root of x^(d+1) = x + 1. */
export function recurrenceSteps(dimensions: number): number[] {
  let root = 2;
  // The iteration converges to the last bit in far fewer rounds.
  for (let round = 0; round < 64; round++) root = (1 + root) ** (1 / (dimensions + 1));
  return Array.from({ length: dimensions }, (_, d) => root ** -(d + 1));
}

function valueAt(dimension: Dimension, share: number): number {
  if (dimension.kind === 'choice') return dimension.values[Math.floor(share * dimension.values.length)]!;
  const { from, to } = dimension;
  return Number((from * (to / from) ** share).toPrecision(DIGITS));
}
