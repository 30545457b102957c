/** All tests by name, and the choice that is made where none is asked for. */
import { CitibikeError } from '../../../../contracts/errors.ts';
import { showValue } from '../../../../contracts/show-value.ts';
import { distinctTogether, type CleanSample } from '../sample.ts';
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
import type { ColumnType } from '../table.ts';
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

/** Evidently 0.4's spelling. */
const OLD_MMD_NAME = 'emperical_mmd';

export const TEST_NAMES: readonly string[] = [...TESTS.keys()];

export function applicableTests(type: ColumnType): string[] {
  return [...TESTS.values()].filter(({ types }) => types.includes(type)).map(({ name }) => name);
}

/** Rows of reference up to which p-values are taken, distances above; Evidently's choice. */
const SMALL_REFERENCE = 1000;
/** Numbers with at most so many distinct values in both samples together are treated as categories. */
const FEW_VALUES = 5;

/** @throws CitibikeError INVALID_INPUT for a name that no test has. */
export function testNamed(name: string): StatTest {
  const test = TESTS.get(name === OLD_MMD_NAME ? 'empirical_mmd' : name);
  if (test) return test;
  throw new CitibikeError(
    'INVALID_INPUT',
    `test: got ${showValue(name)}, expected one of ${TEST_NAMES.join(', ')}`,
  );
}

/** The test Evidently takes by default: by the type, the size of reference and the distinct values. The size of current does not matter. */
export function chooseTest(reference: CleanSample, current: CleanSample): StatTest {
  const distinct = distinctTogether(reference, current, FEW_VALUES);
  const continuous = reference.type === 'num' && distinct > FEW_VALUES;
  if (reference.size > SMALL_REFERENCE) return continuous ? wasserstein : jensenshannon;
  if (continuous) return ks;
  return distinct <= 2 ? z : chisquare;
}
