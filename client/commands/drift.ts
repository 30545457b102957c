import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { Reference, type Comparison, type Roles, type WeekComparison } from '../../core/drift/compare.ts';
import { renderReport } from '../../core/drift/report-html.ts';
import { comparisonText, weeksText } from '../../core/drift/report-text.ts';
import { TEST_NAMES } from '../../core/drift/stattests/registry.ts';
import { EVIDENTLY_VERSIONS, type EvidentlyVersion } from '../../core/drift/stattests/stat-test.ts';
import type { TestChoice, TestOverride } from '../../core/drift/test-choice.ts';
import { readTables } from '../../adapters/tables/read-table.ts';
import { columnOf, type Column, type Table } from '../../core/drift/table.ts';
import { print } from '../print.ts';

interface DriftOptions {
  readonly reference: string;
  readonly current: string;
  readonly by?: 'week';
  readonly date?: string;
  readonly target?: string;
  readonly prediction?: string;
  readonly categorical?: readonly string[];
  readonly columns?: readonly string[];
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

/** Exit code where drift was found; 1 stays for errors. */
const EXIT_DRIFT = 2;

/** Columns that say when a row is and not what it is: left out unless asked for by `--columns`. */
const TIME_COLUMNS = ['date', 'datetime', 'timestamp', 'hour', 'year', 'iso_year', 'iso_week'];
const DATE_COLUMNS = ['date', 'datetime', 'timestamp'];

const list = (text: string): string[] => text.split(',').map((name) => name.trim());

/** `citibike drift --reference january.csv --current february.csv` */
export function driftCommand(): Command {
  return new Command('drift')
    .description('compare two files column by column; exit code 0 no drift, 2 drift, 1 error')
    .requiredOption('--reference <file>', 'CSV or parquet of the time that was fine')
    .requiredOption('--current <file>', 'CSV or parquet of the time in question')
    .addOption(new Option('--by <unit>', 'also compare each ISO week of current').choices(['week']))
    .option('--date <column>', `date column for --by; left out: one of ${DATE_COLUMNS.join(', ')}`)
    .option('--target <column>', 'true value, for regression quality; left out: trips where there')
    .option('--prediction <column>', 'its prediction; left out: prediction where there')
    .option('--categorical <columns>', 'columns whose numbers are names, comma-separated', list)
    .option(
      '--columns <columns>',
      'compare these only, comma-separated; left out: all but time columns',
      list,
    )
    .addOption(
      testOption('--test <name>', 'for all columns; left out: chosen by type, size and distinct values'),
    )
    .addOption(testOption('--num-test <name>', 'for numerical columns, before --test'))
    .addOption(testOption('--cat-test <name>', 'for categorical columns, before --test'))
    .option('--column-test <column=test>', 'for single columns, before all others, comma-separated', pairs)
    .option('--threshold <number>', "for all columns, instead of the test's own", numberFor('--threshold'))
    .option('--num-threshold <number>', 'for numerical columns', numberFor('--num-threshold'))
    .option('--cat-threshold <number>', 'for categorical columns', numberFor('--cat-threshold'))
    .option('--column-threshold <column=number>', 'for single columns, comma-separated', thresholdPairs)
    .addOption(
      new Option('--evidently <version>', 'whose numbers to give where two versions of it differ')
        .choices(EVIDENTLY_VERSIONS)
        .default('0.4'),
    )
    .option('--json', 'print the whole result as JSON')
    .option('--html <file>', 'write a self-contained report')
    .option('--exit-zero', 'exit with 0 although there is drift, for where that is no failure')
    .action(async (options: DriftOptions) => drift(options));
}

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

/** `TMAX=ks,TMIN=psi`; a column's name may hold an equals sign, a test's does not. */
function pairs(text: string): Record<string, string> {
  return Object.fromEntries(
    list(text).map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new CitibikeError(
        'INVALID_INPUT',
        `--column-test, --column-threshold: got ${showValue(pair)}, expected column=value`,
      );
    }),
  );
}

function thresholdPairs(text: string): Record<string, number> {
  const toNumber = numberFor('--column-threshold');
  return Object.fromEntries(Object.entries(pairs(text)).map(([name, value]) => [name, toNumber(value)]));
}

/** @param names of the columns compared: an override for another is a slip of the pen. */
function choiceOf(options: DriftOptions, names: readonly string[]): TestChoice {
  const { columnTest = {}, columnThreshold = {} } = options;
  const own = [...new Set([...Object.keys(columnTest), ...Object.keys(columnThreshold)])];
  const unknown = own.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--column-test, --column-threshold: no column ${showValue(unknown)} is compared; there are ${names.join(', ')}`,
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
    ...(options.evidently ? { evidently: options.evidently } : {}),
  };
}

function override(test: string | undefined, threshold: number | undefined): TestOverride {
  return { ...(test === undefined ? {} : { test }), ...(threshold === undefined ? {} : { threshold }) };
}

async function drift(options: DriftOptions): Promise<void> {
  const [reference, current] = await readTables(options.reference, options.current, {
    ...(options.categorical ? { categorical: options.categorical } : {}),
    ...(options.by ? { times: options.date ? [options.date] : DATE_COLUMNS } : {}),
  });
  const { names, ignored } = comparedColumns(reference, current, options);
  for (const name of options.categorical ?? []) {
    if (!reference.columns.has(name) && !current.columns.has(name)) {
      columnMissing('--categorical', name, options.reference, reference);
    }
  }
  const roles = rolesOf(names.both, options);
  const engine = new Reference(pick(reference, names.reference), roles, choiceOf(options, names.reference));
  const table = pick(current, names.current);
  const whole = engine.compare(table, options.by !== undefined);
  const weeks = options.by === 'week' ? engine.compareWeeks(table, datesOf(current, options)) : [];
  const drifted = (options.by === 'week' ? weeks : [whole]).some(
    (comparison) => comparison.dataset_drift.dataset_drift,
  );
  if (options.html) writeFileSync(options.html, htmlOf(options, whole, weeks, roles));
  if (options.json) {
    const result = {
      reference: { file: options.reference, rows: reference.rows },
      current: { file: options.current, rows: current.rows },
      ignored_columns: ignored,
      drift: drifted,
      whole,
      ...(options.by ? { weeks: byWeek(weeks) } : {}),
    };
    print(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    const parts = [comparisonText(whole)];
    if (options.by) parts.push(weeksText(whole, weeks, roles?.prediction));
    if (ignored.length > 0) parts.push(`not compared: ${ignored.join(', ')}`);
    print(`${parts.join('\n\n')}\n`);
  }
  if (drifted && !options.exitZero) process.exitCode = EXIT_DRIFT;
}

function byWeek(weeks: readonly WeekComparison[]): Record<string, WeekComparison> {
  return Object.fromEntries(weeks.map((week) => [week.week, week]));
}

function comparedColumns(
  reference: Table,
  current: Table,
  options: DriftOptions,
): { names: ComparedNames; ignored: readonly string[] } {
  const all = [...new Set([...reference.columns.keys(), ...current.columns.keys()])];
  const wanted = options.columns ?? all.filter((name) => !TIME_COLUMNS.includes(name));
  const sides = [
    [options.reference, reference],
    [options.current, current],
  ] as const;
  for (const name of options.columns ?? []) {
    for (const [file, table] of sides)
      if (!table.columns.has(name)) columnMissing('--columns', name, file, table);
  }
  const names = {
    reference: wanted.filter((name) => reference.columns.has(name)),
    current: wanted.filter((name) => current.columns.has(name)),
    both: wanted.filter((name) => reference.columns.has(name) && current.columns.has(name)),
  };
  if (names.both.length === 0) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${options.reference} and ${options.current} have no column in common to compare`,
    );
  }
  return { names, ignored: all.filter((name) => !wanted.includes(name)) };
}

/** Those that one side alone has are told as findings. */
interface ComparedNames {
  readonly reference: readonly string[];
  readonly current: readonly string[];
  readonly both: readonly string[];
}

function rolesOf(names: readonly string[], options: DriftOptions): Roles | undefined {
  const [target, prediction] = [options.target ?? 'trips', options.prediction ?? 'prediction'];
  for (const [option, name] of [
    ['--target', options.target],
    ['--prediction', options.prediction],
  ] as const) {
    if (name !== undefined && !names.includes(name)) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${option}: no column ${showValue(name)} is compared; there are ${names.join(', ')}`,
      );
    }
  }
  return names.includes(target) && names.includes(prediction) ? { target, prediction } : undefined;
}

function pick(table: Table, names: readonly string[]): Table {
  const columns = names.map((name): [string, Column] => [name, columnOf(table, name)]);
  return { rows: table.rows, columns: new Map(columns) };
}

/** Dates as texts; a file that keeps them in another type says so here. */
function datesOf(current: Table, options: DriftOptions): string[] {
  const name = options.date ?? DATE_COLUMNS.find((candidate) => current.columns.has(candidate));
  if (!name) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--by week needs a date column in ${options.current}: name it with --date`,
    );
  }
  const column = current.columns.get(name) ?? columnMissing('--date', name, options.current, current);
  return Array.from(column.values, (value, row) => {
    if (typeof value === 'string') return value;
    throw new CitibikeError(
      'INVALID_INPUT',
      `${options.current}, column ${name}, row ${row + 1}: got ${showValue(value)}, expected a date as YYYY-MM-DD`,
    );
  });
}

function columnMissing(option: string, name: string, file: string, table: Table): never {
  throw new CitibikeError(
    'INVALID_INPUT',
    `${option}: ${file} has no column ${showValue(name)}; it has ${[...table.columns.keys()].join(', ')}`,
  );
}

function htmlOf(
  options: DriftOptions,
  whole: Comparison,
  weeks: readonly WeekComparison[],
  roles: Roles | undefined,
): string {
  return renderReport({
    title: 'Drift',
    facts: [
      ['Reference', options.reference],
      ['Current', options.current],
    ],
    whole,
    weeks: byWeek(weeks),
    ...(roles ? { predictionColumn: roles.prediction } : {}),
  });
}
