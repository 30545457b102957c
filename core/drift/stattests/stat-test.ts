/** What a test of drift is: one a file here, joined in `registry.ts`. */
import { CitibikeError } from '../../../contracts/errors.ts';
import { NumericSample, type CleanSample } from '../sample.ts';
import type { ColumnType } from '../table.ts';

export interface StatTest {
  /** Evidently's name, the one that `--test` takes. */
  readonly name: string;
  /** Evidently's display name, the one in reports. */
  readonly label: string;
  readonly types: readonly ColumnType[];
  readonly threshold: number;
  /** A p-value or a distance; NaN where the test has no answer. Neither sample is empty. */
  score(reference: CleanSample, current: CleanSample): number;
  /** The verdict; false for NaN. */
  drifted(score: number, threshold: number): boolean;
}

/** Verdicts of p-values. Evidently draws the line inclusively for ks alone of the tests here. */
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
