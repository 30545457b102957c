/** Reads golden files that Evidently itself computed, if the project has them, and compares numbers with them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Category, Column } from '../../../core/drift/evidently/drift-table.ts';

const DIR = path.resolve(
  process.env['CITIBIKE_GOLDEN'] ?? path.join(import.meta.dirname, '../../../../shared/golden'),
);

export const thereIsGolden = existsSync(path.join(DIR, 'drift-evidently-0.4.22.json'));
export const NO_GOLDEN = 'no golden files: set CITIBIKE_GOLDEN to the folder of drift-evidently-0.4.22.json';

export const goldenPath = (name: string): string => path.join(DIR, name);
export const readGolden = <T>(name: string): T => JSON.parse(readFileSync(goldenPath(name), 'utf8')) as T;

/** The files write NaN and infinities as texts. */
export type GoldenNumber = number | 'nan' | 'inf' | '-inf';

const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

const numberOf = (golden: GoldenNumber): number => (typeof golden === 'string' ? SPECIAL[golden]! : golden);

export function columnFrom(type: Column['type'], values: readonly (Category | null)[]): Column {
  if (type === 'cat') return { type, values };
  return {
    type,
    values: Float64Array.from(values, (value) => (value === null ? NaN : numberOf(value as number))),
  };
}

/** Sets the relative tolerances of distances and statistics, and of p-values, which use SciPy's distribution functions. */
const TOLERANCE = { distance: 1e-9, pValue: 1e-6 } as const;
/**
 * SciPy computes 1 − F as a multiple of about 1e-16, and its versions differ by one or two. A p-value of 1e-11 has
 * five digits.
 */
const ROUNDING_OF_ONE = 2.5e-16;
const LEAST_ROUNDED = 1e-13;

const P_VALUE_TESTS = [
  ...[
    'ks',
    'chisquare',
    'z',
    'mannw',
    't_test',
    'g_test',
    'anderson',
    'cramer_von_mises',
    'es',
    'fisher_exact',
  ],
  ...['TVD', 'empirical_mmd'],
];
export const kindOf = (test: string): keyof typeof TOLERANCE =>
  P_VALUE_TESTS.includes(test) ? 'pValue' : 'distance';

const tally = { values: 0, distance: 0, pValue: 0 };

/** Compares numbers; null corresponds to Evidently's NaN. */
export function expectClose(
  what: string,
  got: number | null,
  golden: GoldenNumber,
  kind: keyof typeof TOLERANCE,
): void {
  tally.values += 1;
  const [mine, theirs] = [got ?? NaN, numberOf(golden)];
  if (!Number.isFinite(theirs)) return expect(mine, what).toBe(theirs);
  const difference = Math.abs(mine - theirs);
  if (kind === 'pValue' && theirs >= LEAST_ROUNDED && difference <= ROUNDING_OF_ONE) return;
  const relative = difference === 0 ? 0 : difference / Math.abs(theirs);
  tally[kind] = Math.max(tally[kind], relative);
  expect(relative, `${what}: got ${got}, golden ${golden}`).toBeLessThanOrEqual(TOLERANCE[kind]);
}

export function tellTally(of: string): void {
  console.info(
    `${of}: ${tally.values} values compared; worst relative difference of distances ${tally.distance.toExponential(1)}, of p-values ${tally.pValue.toExponential(1)}`,
  );
}
