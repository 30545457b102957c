/** Resolves the test and threshold of a column from options. */
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { applicableTests, testNamed } from './stattests/choose-test.ts';
import type { EvidentlyVersion, StatTest } from './stattests/stat-test.ts';
import type { ColumnType } from './drift-table.ts';

export interface TestOverride {
  /** Name of the test. */
  readonly test?: string;
  /** Overrides the default threshold of the test. */
  readonly threshold?: number;
}

/**
 * Resolves test and threshold separately, as Evidently does. The column comes first, then its type, then the setting for all columns, then
 * the automatic choice with the default threshold of the test.
 */
export interface TestChoice extends TestOverride {
  readonly perType?: Readonly<Partial<Record<ColumnType, TestOverride>>>;
  readonly perColumn?: Readonly<Record<string, TestOverride>>;
  /** The default is 0.4. */
  readonly evidently?: EvidentlyVersion;
}

/** @throws CitibikeError INVALID_INPUT for an unknown test, or a test that does not accept the column's type. */
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
    `test ${test.name} accepts only ${other} columns, but ${showValue(column)} is ${is}: for ${is} columns choose one of ${applicableTests(type).join(', ')}${cast}`,
  );
}
