/** Which test and threshold a column gets where the automatic choice is not wanted. */
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { applicableTests, testNamed } from './stattests/registry.ts';
import type { EvidentlyVersion, StatTest } from './stattests/stat-test.ts';
import type { ColumnType } from './table.ts';

export interface TestOverride {
  /** Name of the test. */
  readonly test?: string;
  /** Instead of the test's own. */
  readonly threshold?: number;
}

/**
 * As Evidently resolves them, test and threshold each by itself: that of the column, else that of its type, else the one for all
 * columns, else the automatic choice and the test's own threshold.
 */
export interface TestChoice extends TestOverride {
  readonly perType?: Readonly<Partial<Record<ColumnType, TestOverride>>>;
  readonly perColumn?: Readonly<Record<string, TestOverride>>;
  /** Left out: 0.4. */
  readonly evidently?: EvidentlyVersion;
}

/** @throws CitibikeError INVALID_INPUT for a test that is not there, or does not take the column's type. */
export function chosenTest(
  choice: TestChoice,
  column: string,
  type: ColumnType,
): { test: StatTest | undefined; threshold: number | undefined } {
  const levels = [choice.perColumn?.[column], choice.perType?.[type], choice];
  const name = levels.find((level) => level?.test !== undefined)?.test;
  const threshold = levels.find((level) => level?.threshold !== undefined)?.threshold;
  if (name === undefined) return { test: undefined, threshold };
  const test = testNamed(name);
  if (test.types.includes(type)) return { test, threshold };
  const [is, other] = type === 'num' ? ['numerical', 'categorical'] : ['categorical', 'numerical'];
  const cast = type === 'num' ? ', or declare the column categorical' : '';
  throw new CitibikeError(
    'INVALID_INPUT',
    `test ${test.name} takes ${other} columns only, and ${showValue(column)} is ${is}: choose for ${is} columns one of ${applicableTests(type).join(', ')}${cast}`,
  );
}
