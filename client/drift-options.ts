/** Defines the options of `citibike drift`, and the tests and thresholds that they choose. */
import { Command, Option } from 'commander';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { TEST_NAMES } from '../core/drift/evidently/stattests/choose-test.ts';
import { EVIDENTLY_VERSIONS, type EvidentlyVersion } from '../core/drift/evidently/stattests/stat-test.ts';
import type { TestChoice, TestOverride } from '../core/drift/evidently/test-choice.ts';

/** Holds the columns that hold the date of a row if `--date` names none. */
export const DATE_COLUMNS = ['date', 'datetime', 'timestamp'];

export interface DriftOptions {
  readonly reference: string;
  readonly current: string;
  readonly by?: 'week';
  readonly date?: string;
  readonly target?: string;
  readonly prediction?: string;
  readonly categorical?: readonly string[];
  readonly columns?: readonly string[];
  readonly ignore?: readonly string[];
  readonly test?: string;
  readonly threshold?: number;
  readonly numTest?: string;
  readonly numThreshold?: number;
  readonly catTest?: string;
  readonly catThreshold?: number;
  readonly columnTest?: Readonly<Record<string, string>>;
  readonly columnThreshold?: Readonly<Record<string, number>>;
  readonly evidently?: EvidentlyVersion;
  readonly json?: boolean;
  readonly html?: string;
  readonly exitZero?: boolean;
}

export function driftCommandOf(action: (options: DriftOptions) => Promise<void>): Command {
  return new Command('drift')
    .description('Compares two files column by column.')
    .requiredOption('--reference <file>', 'CSV or parquet of the reference')
    .requiredOption('--current <file>', 'CSV or parquet of the current data')
    .addOption(new Option('--by <unit>', 'also compare each ISO week of current').choices(['week']))
    .option('--date <column>', `date column for --by; default: one of ${DATE_COLUMNS.join(', ')}`)
    .option('--target <column>', 'column of true values, for regression quality; default: trips, if present')
    .option('--prediction <column>', 'column of predictions; default: prediction, if present')
    .option('--categorical <columns>', 'columns whose numbers are categories, comma-separated', list)
    .option(
      '--columns <columns>',
      'columns to compare, comma-separated; default: all except time columns',
      list,
    )
    .option(
      '--ignore <columns>',
      'columns to leave out, comma-separated; takes precedence over --columns',
      list,
    )
    .addOption(
      testOption('--test <name>', 'for all columns; default: chosen by type, size and distinct values'),
    )
    .addOption(testOption('--num-test <name>', 'for numerical columns; takes precedence over --test'))
    .addOption(testOption('--cat-test <name>', 'for categorical columns; takes precedence over --test'))
    .option(
      '--column-test <column=test>',
      'tests for single columns, comma-separated; takes precedence over all others',
      pairs,
    )
    .option(
      '--threshold <number>',
      "threshold for all columns instead of the test's own",
      numberFor('--threshold'),
    )
    .option('--num-threshold <number>', 'threshold for numerical columns', numberFor('--num-threshold'))
    .option('--cat-threshold <number>', 'threshold for categorical columns', numberFor('--cat-threshold'))
    .option(
      '--column-threshold <column=number>',
      'thresholds for single columns, comma-separated',
      thresholdPairs,
    )
    .addOption(
      new Option('--evidently <version>', "version to follow where Evidently's versions differ")
        .choices(EVIDENTLY_VERSIONS)
        .default('0.4'),
    )
    .option('--json', 'print the whole result as JSON')
    .option('--html <file>', 'write a self-contained report')
    .option('--exit-zero', 'exit with 0 instead of 2 if there is drift')
    .addHelpText('after', EXIT_CODES)
    .action(action);
}

const EXIT_CODES = `
Options that take columns may be repeated.

Exit codes:
  0  no drift
  1  error; a reference without rows is one
  2  drift: with --by week in at least one week, otherwise over the whole of current
  3  nothing could be compared: no column in common, or every column 'not compared';
     --exit-zero does not change this code`;

function testOption(flags: string, description: string): Option {
  return new Option(flags, `test ${description}`).choices(TEST_NAMES);
}

function numberFor(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text !== '' && Number.isFinite(value)) return value;
    throw new CitibikeError('INVALID_INPUT', `${option}: got ${showValue(text)}, expected a number`);
  };
}

/** Adds the names in `text` to those of the same option before it. */
function list(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, ...text.split(',').map((name) => name.trim())];
}

/** Parses `TMAX=ks,TMIN=psi`. A column's name may contain an equals sign; a test's name does not. */
function pairs(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const added = list(text).map((pair): [string, string] => {
    const at = pair.lastIndexOf('=');
    if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
    throw new CitibikeError(
      'INVALID_INPUT',
      `--column-test, --column-threshold: got ${showValue(pair)}, expected column=value`,
    );
  });
  return { ...earlier, ...Object.fromEntries(added) };
}

function thresholdPairs(
  text: string,
  earlier: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const toNumber = numberFor('--column-threshold');
  const added = Object.entries(pairs(text)).map(([name, value]): [string, number] => [name, toNumber(value)]);
  return { ...earlier, ...Object.fromEntries(added) };
}

/**
 * Returns the choice of tests and thresholds.
 * @param names compared columns; an override for any other column is rejected.
 */
export function testChoiceOf(options: DriftOptions, names: readonly string[]): TestChoice {
  const { columnTest = {}, columnThreshold = {} } = options;
  const own = [...new Set([...Object.keys(columnTest), ...Object.keys(columnThreshold)])];
  const unknown = own.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--column-test, --column-threshold: no compared column is named ${showValue(unknown)}; expected one of ${names.join(', ')}`,
    );
  }
  return {
    ...override(options.test, options.threshold),
    perType: {
      num: override(options.numTest, options.numThreshold),
      cat: override(options.catTest, options.catThreshold),
    },
    perColumn: Object.fromEntries(
      own.map((name) => [name, override(columnTest[name], columnThreshold[name])]),
    ),
    evidently: options.evidently,
  };
}

function override(test: string | undefined, threshold: number | undefined): TestOverride {
  return { test, threshold };
}
