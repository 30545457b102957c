import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { fileName } from '../../adapters/tables/file-name.ts';
import { readTables } from '../../adapters/tables/read-table.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showName } from '../../contracts/show-value.ts';
import {
  Reference,
  type Comparison,
  type Roles,
  type WeekComparison,
} from '../../core/drift/evidently/compare.ts';
import {
  conclude,
  conclusionText,
  type Conclusion,
  type Outcome,
} from '../../core/drift/report/conclusion.ts';
import { renderReport } from '../../core/drift/report/render-report.ts';
import { comparisonText, weeksText } from '../../core/drift/report/comparison-text.ts';
import { comparedColumns, rolesOf, type DriftTables, type IgnoredColumn } from '../drift-columns.ts';
import { datesOf } from '../drift-dates.ts';
import { DATE_COLUMNS, driftCommandOf, testChoiceOf, type DriftOptions } from '../drift-options.ts';
import { print } from '../print.ts';

/** Exit code 1 is reserved for errors. */
const EXIT_CODES: Readonly<Record<Outcome, number>> = { no_drift: 0, drift: 2, nothing_compared: 3 };

interface DriftResult {
  readonly tables: DriftTables;
  readonly ignored: readonly IgnoredColumn[];
  readonly roles: Roles | undefined;
  readonly whole: Comparison;
  /** Absent without `--by week`. */
  readonly weeks?: readonly WeekComparison[];
}

/** `citibike drift --reference january.csv --current february.csv` */
export function driftCommand(): Command {
  return driftCommandOf(drift);
}

async function drift(options: DriftOptions): Promise<void> {
  const result = await compareFiles(options);
  const conclusion = conclude(result.whole, byWeek(result.weeks));
  if (options.html) writeFileSync(fileName(options.html), htmlOf(options, result));
  if (options.json) {
    print(`${JSON.stringify(resultJson(options, result, conclusion), null, 2)}\n`);
  } else print(`${[conclusionText(conclusion), ...evidence(result)].join('\n\n')}\n`);
  const isAllowed = conclusion.outcome === 'drift' && options.exitZero;
  if (!isAllowed) process.exitCode = EXIT_CODES[conclusion.outcome];
}

async function compareFiles(options: DriftOptions): Promise<DriftResult> {
  const [reference, current] = await readTables(options.reference, options.current, {
    categorical: options.categorical ?? [],
    times: options.by === undefined ? [] : options.date === undefined ? DATE_COLUMNS : [options.date],
  });
  if (reference.rows === 0) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--reference: ${options.reference} has no rows; name a file with rows to compare with`,
    );
  }
  const tables = { reference, current };
  const compared = comparedColumns(tables, options);
  const roles = rolesOf(compared, options);
  // Wrong dates fail before the long computation.
  const dates = options.by === 'week' ? datesOf(current, options) : undefined;
  const choice = testChoiceOf(options, [...compared.reference.columns.keys()]);
  const engine = new Reference(compared.reference, roles, choice);
  const whole = engine.compare(compared.current, dates !== undefined);
  const weeks = dates && engine.compareWeeks(compared.current, dates);
  return { tables, ignored: compared.ignored, roles, whole, weeks };
}

function byWeek(weeks: DriftResult['weeks']): Record<string, WeekComparison> | undefined {
  return weeks && Object.fromEntries(weeks.map((week) => [week.week, week]));
}

function resultJson(
  options: DriftOptions,
  { tables, ignored, whole, weeks }: DriftResult,
  conclusion: Conclusion,
): object {
  return {
    reference: { file: options.reference, rows: tables.reference.rows },
    current: { file: options.current, rows: tables.current.rows },
    ignored_columns: ignored.map(({ name }) => name),
    ignored,
    drift: conclusion.outcome === 'drift',
    conclusion: { ...conclusion, text: conclusionText(conclusion) },
    whole,
    ...(weeks ? { weeks: byWeek(weeks) } : {}),
  };
}

function evidence({ whole, weeks, roles, ignored }: DriftResult): string[] {
  const parts = [comparisonText(whole)];
  if (weeks) parts.push(weeksText(whole, weeks, roles?.prediction));
  if (ignored.length > 0) parts.push(`ignored: ${ignoredText(ignored)}`);
  return parts;
}

/** Returns a text such as `date, hour (says when a row is); x (named by --ignore)`. */
function ignoredText(ignored: readonly IgnoredColumn[]): string {
  const groups = Map.groupBy(ignored, ({ reason }) => reason);
  return [...groups]
    .map(
      ([reason, columns]) =>
        `${columns.map(({ name }) => showName(name) || 'the column without a name').join(', ')} (${reason})`,
    )
    .join('; ');
}

function htmlOf(options: DriftOptions, { tables, ignored, roles, whole, weeks }: DriftResult): string {
  const [reference, current] = [options.reference, options.current].map((file) => path.basename(file));
  return renderReport({
    title: `Drift of ${current} compared with ${reference}`,
    facts: [
      ['Reference', `${options.reference}, ${tables.reference.rows} rows`],
      ['Current', `${options.current}, ${tables.current.rows} rows`],
      ...(ignored.length > 0 ? [['Ignored columns', ignoredText(ignored)] as const] : []),
    ],
    whole,
    weeks: byWeek(weeks),
    ...(roles ? { predictionColumn: roles.prediction } : {}),
  });
}
