/** What a test of drift is: one a file here, joined in `registry.ts`. */
import { CitibikeError } from '../../../../contracts/errors.ts';
import { CategoricalSample, NumericSample, type CleanSample } from '../sample.ts';
import type { ColumnType } from '../table.ts';

/** Whose numbers to give where two versions of Evidently differ; docs/drift-parity.md lists where they do. */
export const EVIDENTLY_VERSIONS = ['0.4', '0.7'] as const;
export type EvidentlyVersion = (typeof EVIDENTLY_VERSIONS)[number];

export interface StatTest {
  /** Evidently's name, the one that `--test` takes. */
  readonly name: string;
  /** Evidently's display name, the one in reports. */
  readonly label: string;
  readonly types: readonly ColumnType[];
  readonly threshold: number;
  /** Why the test can't be made on these samples, and what to take instead; left out where it always can. Neither is empty. */
  refusal?(reference: CleanSample, current: CleanSample): string | undefined;
  /** A p-value or a distance; NaN where the test has no answer. Neither sample is empty, nor refused. */
  score(reference: CleanSample, current: CleanSample, evidently?: EvidentlyVersion): number;
  /** The verdict; false for NaN. */
  drifted(score: number, threshold: number): boolean;
}

/** Verdicts of p-values. Evidently draws the line inclusively for ks and cramer_von_mises alone. */
export const below = (score: number, threshold: number): boolean => score < threshold;
export const atOrBelow = (score: number, threshold: number): boolean => score <= threshold;
/** Verdicts of distances; Evidently draws the line exclusively for ed alone. */
export const above = (score: number, threshold: number): boolean => score > threshold;
export const atOrAbove = (score: number, threshold: number): boolean => score >= threshold;

/** For tests that need an order of values. */
export function numeric(test: string, sample: CleanSample): NumericSample {
  if (sample instanceof NumericSample) return sample;
  throw new CitibikeError('INVALID_INPUT', `test ${test} needs a numeric column, got categories`);
}

/** For tests of categories in the order of their rows. */
export function categorical(test: string, sample: CleanSample): CategoricalSample {
  if (sample instanceof CategoricalSample) return sample;
  throw new CitibikeError('INVALID_INPUT', `test ${test} needs a categorical column, got numbers`);
}
