/** Compares each test with Evidently 0.4.22 and 0.7.23 on pairs of samples: the golden files, and the pairs beside this file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleOf, type CleanSample } from '../../../core/drift/evidently/clean-sample.ts';
import { discrepancies } from '../../../core/drift/evidently/stattests/empirical-mmd.ts';
import { chooseTest, testNamed } from '../../../core/drift/evidently/stattests/choose-test.ts';
import { numeric, type EvidentlyVersion } from '../../../core/drift/evidently/stattests/stat-test.ts';
import type { Category } from '../../../core/drift/evidently/drift-table.ts';
import {
  columnFrom,
  expectClose,
  kindOf,
  readGolden,
  tellTally,
  NO_GOLDEN,
  thereIsGolden,
  type GoldenNumber,
} from './golden.ts';
import { orSkip } from '../../or-skip.ts';

interface Pair {
  readonly type: 'num' | 'cat';
  readonly reference: (Category | null)[];
  readonly current: (Category | null)[];
}
interface Result {
  readonly score: GoldenNumber;
  readonly drifted: boolean;
  readonly threshold?: number;
  readonly error?: string;
  /** Matches the statistic of empirical_mmd. */
  readonly mmd?: GoldenNumber;
}

afterAll(() => tellTally('pairs of samples'));

const samplesOf = ({ type, reference, current }: Pair): [CleanSample, CleanSample] => [
  sampleOf(columnFrom(type, reference)),
  sampleOf(columnFrom(type, current)),
];

/** Returns true if Evidently gives an exception or NaN. */
function expectSame(
  what: string,
  name: string,
  [reference, current]: [CleanSample, CleanSample],
  golden: Result,
  version: EvidentlyVersion,
): void {
  const test = testNamed(name);
  const refusal = test.refusal?.(reference, current);
  if (golden.error !== undefined) return expect(refusal, `${what}: ${golden.error}`).toBeDefined();
  if (refusal !== undefined) return expect(golden.score, `${what}: ${refusal}`).toBe('nan');
  if (test.name === 'empirical_mmd') {
    const [x, y] = [numeric(name, reference).inOrder(), numeric(name, current).inOrder()];
    // Its permutations are random, so the test compares the statistic.
    return expectClose(what, discrepancies(x, y, 0)[0]!, golden.mmd!, 'distance');
  }
  const score = test.score(reference, current, version);
  expectClose(what, score, golden.score, kindOf(test.name));
  expect(test.drifted(score, test.threshold), what).toBe(golden.drifted);
  if (golden.threshold !== undefined) expect(test.threshold, what).toBe(golden.threshold);
}

interface GoldenSamples {
  readonly default_picked: Record<string, { name: string; n_reference: number; n_current: number }>;
  readonly results: Record<
    string,
    Record<string, { readonly report?: Result; readonly aux?: { readonly mmd?: GoldenNumber } }>
  >;
}

describe.skipIf(!thereIsGolden).for([
  ['0.4', '0.4.22'],
  ['0.7', '0.7.23'],
] as const)(
  orSkip('the pairs of samples, Evidently %s', !thereIsGolden && NO_GOLDEN),
  ([version, release]) => {
    const golden = thereIsGolden
      ? readGolden<GoldenSamples>(`stattests-evidently-${release}.json`)
      : (undefined as never);
    const pairs = thereIsGolden ? readGolden<Record<string, Pair>>('stattests-samples.json') : {};

    it.for(Object.keys(pairs))('%s has the same test, scores and drift decisions', (name) => {
      const samples = samplesOf(pairs[name]!);
      const picked = golden.default_picked[name]!;
      expect(samples.map(({ size }) => size)).toEqual([picked.n_reference, picked.n_current]);
      expect(chooseTest(...samples).name).toBe(picked.name);
      for (const [test, { report, aux }] of Object.entries(golden.results[name]!)) {
        if (!report) continue;
        const mmd = aux?.mmd;
        const result = { ...report, mmd };
        expectSame(`${name} ${test}`, test, samples, result, version);
      }
    });
  },
);

interface OwnPair extends Pair {
  readonly '0.4': Record<string, Result> & { readonly default: string };
  /** Differences from 0.4. */
  readonly '0.7': Record<string, Result> & { readonly default?: string };
}

/** Lists the intended differences from Evidently; docs/drift-parity.md gives the reasons. */
const DEPARTURES: readonly (readonly [RegExp, string, RegExp])[] = [
  [/^cat_disjoint$/, 'fisher_exact', /./],
  // NumPy 2 cannot cast in Evidently's exact count, which then fails; the product gives the count.
  [/^num_small/, 'cramer_von_mises', /UFuncTypeError/],
];

describe('the pairs of samples beside this file', () => {
  const file = path.join(import.meta.dirname, 'fixtures', 'evidently-cases.json');
  const { pairs } = JSON.parse(readFileSync(file, 'utf8')) as { pairs: Record<string, OwnPair> };

  it.for(Object.keys(pairs))('%s scores as in Evidently 0.4 and 0.7', (name) => {
    const pair = pairs[name]!;
    const samples = samplesOf(pair);
    expect(chooseTest(...samples).name).toBe(pair['0.4'].default);
    for (const version of ['0.4', '0.7'] as const) {
      for (const [test, result] of Object.entries({ ...pair['0.4'], ...pair[version] })) {
        if (typeof result === 'string') continue;
        const departs = DEPARTURES.some(
          ([where, which, how]) => where.test(name) && which === test && how.test(result.error ?? 'score'),
        );
        if (departs) continue;
        const testName = test === 'mmd' ? 'empirical_mmd' : test;
        expectSame(`${name} ${test} ${version}`, testName, samples, result, version);
      }
    }
  });
});
