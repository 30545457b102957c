/** Lists all tests by name, and chooses the default test. */
import { CitibikeError } from '../../../../contracts/errors.ts';
import { showValue } from '../../../../contracts/show-value.ts';
import { distinctTogether, type CleanSample } from '../clean-sample.ts';
import { anderson } from './anderson.ts';
import { chisquare } from './chisquare.ts';
import { cramerVonMises } from './cramer-von-mises.ts';
import { empiricalMmd } from './empirical-mmd.ts';
import { energyDistance } from './energy-distance.ts';
import { eppsSingleton } from './epps-singleton.ts';
import { fisherExact } from './fisher-exact.ts';
import { gTest } from './g-test.ts';
import { hellinger } from './hellinger.ts';
import { jensenshannon } from './jensenshannon.ts';
import { klDiv } from './kl-div.ts';
import { ks } from './ks.ts';
import { mannWhitney } from './mann-whitney.ts';
import { psi } from './psi.ts';
import type { ColumnType } from '../drift-table.ts';
import type { StatTest } from './stat-test.ts';
import { tTest } from './t-test.ts';
import { totalVariation } from './total-variation.ts';
import { wasserstein } from './wasserstein.ts';
import { z } from './z.ts';

const TESTS: ReadonlyMap<string, StatTest> = new Map(
  [
    ks,
    chisquare,
    z,
    wasserstein,
    jensenshannon,
    psi,
    klDiv,
    hellinger,
    energyDistance,
    mannWhitney,
    tTest,
    gTest,
    anderson,
    cramerVonMises,
    eppsSingleton,
    fisherExact,
    totalVariation,
    empiricalMmd,
  ].map((test) => [test.name, test]),
);

/** Is the spelling of Evidently 0.4. */
const OLD_MMD_NAME = 'emperical_mmd';

export const TEST_NAMES: readonly string[] = [...TESTS.keys()];

export function applicableTests(type: ColumnType): string[] {
  return [...TESTS.values()].filter(({ types }) => types.includes(type)).map(({ name }) => name);
}

/** Limits the rows of reference for p-values. Larger references use distances, as in Evidently. */
const SMALL_REFERENCE = 1000;
/** Numbers with at most this many distinct values in both samples are treated as categories. */
const FEW_VALUES = 5;

/** @throws CitibikeError INVALID_INPUT for an unknown name. */
export function testNamed(name: string): StatTest {
  const test = TESTS.get(name === OLD_MMD_NAME ? 'empirical_mmd' : name);
  if (test) return test;
  throw new CitibikeError(
    'INVALID_INPUT',
    `test: got ${showValue(name)}, expected one of ${TEST_NAMES.join(', ')}`,
  );
}

/** Returns Evidently's default test. It depends on the type, the size of reference and the distinct values. */
export function chooseTest(reference: CleanSample, current: CleanSample): StatTest {
  const distinct = distinctTogether(reference, current, FEW_VALUES);
  const continuous = reference.type === 'num' && distinct > FEW_VALUES;
  if (reference.size > SMALL_REFERENCE) return continuous ? wasserstein : jensenshannon;
  if (continuous) return ks;
  return distinct <= 2 ? z : chisquare;
}
