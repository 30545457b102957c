/** Defines the interface of drift tests. Each test is one file in this folder; `registry.ts` lists them. */
import { CitibikeError } from '../../../../contracts/errors.ts';
import { CategoricalSample, NumericSample, type CleanSample } from '../clean-sample.ts';
import type { ColumnType } from '../drift-table.ts';

/** Lists the versions of Evidently whose numbers can be reproduced. docs/drift-parity.md lists their differences. */
export const EVIDENTLY_VERSIONS = ['0.4', '0.7'] as const;
export type EvidentlyVersion = (typeof EVIDENTLY_VERSIONS)[number];

export interface StatTest {
  /** Evidently's name, which `--test` accepts. */
  readonly name: string;
  /** Evidently's display name for reports. */
  readonly label: string;
  readonly types: readonly ColumnType[];
  readonly threshold: number;
  /** Returns why the test cannot compare these non-empty samples and what to choose instead. Absent if it always can. */
  refusal?(reference: CleanSample, current: CleanSample): string | undefined;
  /** Returns a p-value or distance of non-empty, suitable samples, or NaN if it is undefined. */
  score(reference: CleanSample, current: CleanSample, evidently?: EvidentlyVersion): number;
  /** Returns whether the score means drift. Returns false for NaN. */
  drifted(score: number, threshold: number): boolean;
}

/** Decides by p-value. In Evidently, only ks and cramer_von_mises include the threshold. */
export const below = (score: number, threshold: number): boolean => score < threshold;
export const atOrBelow = (score: number, threshold: number): boolean => score <= threshold;
/** Decides by distance. In Evidently, only ed excludes the threshold. */
export const above = (score: number, threshold: number): boolean => score > threshold;
export const atOrAbove = (score: number, threshold: number): boolean => score >= threshold;

/** Narrows a sample for tests that need an order of values. */
export function numeric(test: string, sample: CleanSample): NumericSample {
  if (sample instanceof NumericSample) return sample;
  throw new CitibikeError('INVALID_INPUT', `test ${test} needs a numeric column, got categories`);
}

/** Narrows a sample for tests of categories in the order of rows. */
export function categorical(test: string, sample: CleanSample): CategoricalSample {
  if (sample instanceof CategoricalSample) return sample;
  throw new CitibikeError('INVALID_INPUT', `test ${test} needs a categorical column, got numbers`);
}
