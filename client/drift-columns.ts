/** Determines which columns of two tables `citibike drift` compares, which it ignores and why, and their roles. */
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import type { Roles } from '../core/drift/evidently/compare.ts';
import { columnOf, type Column, type Table } from '../core/drift/evidently/drift-table.ts';
import { DATE_COLUMNS, type DriftOptions } from './drift-options.ts';

export interface IgnoredColumn {
  readonly name: string;
  readonly reason: string;
}

/** Represents a table whose reader names columns that are not compared by default. They may be in `columns` too. */
export interface DriftTable extends Table {
  readonly leftOut?: readonly IgnoredColumn[];
}

export interface DriftTables {
  readonly reference: DriftTable;
  readonly current: DriftTable;
}

/** A column that only one side has becomes a finding. */
export interface ComparedColumns {
  readonly reference: Table;
  readonly current: Table;
  /** Names of columns that both tables have. */
  readonly both: readonly string[];
  readonly ignored: readonly IgnoredColumn[];
}

/** Holds the columns that say when a row is. They are ignored unless `--columns` names them. */
const TIME_COLUMNS = [...DATE_COLUMNS, 'hour', 'year', 'iso_year', 'iso_week'];

/**
 * Splits the columns of both tables into compared and ignored ones.
 * @throws CitibikeError INVALID_INPUT if an option names a column that does not exist.
 */
export function comparedColumns(tables: DriftTables, options: DriftOptions): ComparedColumns {
  const { reference, current } = tables;
  checkNames(tables, options);
  const leftOut = new Map(
    [...(current.leftOut ?? []), ...(reference.leftOut ?? [])].map(({ name, reason }) => [name, reason]),
  );
  const reasonOf = (name: string): string | undefined => {
    if (options.ignore?.includes(name)) return 'named by --ignore';
    if (options.columns) return options.columns.includes(name) ? undefined : 'not named by --columns';
    return leftOut.get(name) ?? (TIME_COLUMNS.includes(name) ? 'says when a row is' : undefined);
  };
  const all = new Set([...reference.columns.keys(), ...current.columns.keys(), ...leftOut.keys()]);
  const ignored = [...all].flatMap((name): IgnoredColumn[] => {
    const reason = reasonOf(name);
    return reason === undefined ? [] : [{ name, reason }];
  });
  const wanted = [...(options.columns ?? all)].filter((name) => reasonOf(name) === undefined);
  const sides = [reference, current].map((table) => pick(table, wanted)) as [Table, Table];
  return {
    reference: sides[0],
    current: sides[1],
    both: wanted.filter((name) => reference.columns.has(name) && current.columns.has(name)),
    ignored,
  };
}

function checkNames({ reference, current }: DriftTables, options: DriftOptions): void {
  for (const name of options.columns ?? []) {
    if (!reference.columns.has(name)) columnMissing('--columns', name, options.reference, reference);
    if (!current.columns.has(name)) columnMissing('--columns', name, options.current, current);
  }
  const known = new Set(
    [reference, current].flatMap(({ columns, leftOut = [] }) => [
      ...columns.keys(),
      ...leftOut.map(({ name }) => name),
    ]),
  );
  for (const option of ['categorical', 'ignore'] as const) {
    const unknown = options[option]?.find((name) => !known.has(name));
    if (unknown === undefined) continue;
    throw new CitibikeError(
      'INVALID_INPUT',
      `--${option}: neither ${options.reference} nor ${options.current} has a column ${showValue(unknown)}; they have ${[...known].join(', ')}`,
    );
  }
}

function pick(table: Table, names: readonly string[]): Table {
  const columns = names
    .filter((name) => table.columns.has(name))
    .map((name): [string, Column] => [name, columnOf(table, name)]);
  return { rows: table.rows, columns: new Map(columns) };
}

/** Assigns roles. A role that no option names goes to the column of its usual name, if the reference has numbers in it. */
export function rolesOf({ reference, both }: ComparedColumns, options: DriftOptions): Roles | undefined {
  const [target, prediction] = [options.target ?? 'trips', options.prediction ?? 'prediction'];
  const isNumeric = (name: string) => reference.columns.get(name)?.type === 'num';
  for (const [option, name] of [
    ['--target', options.target],
    ['--prediction', options.prediction],
  ] as const) {
    if (name === undefined) continue;
    if (!both.includes(name)) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${option}: no compared column is named ${showValue(name)}; expected one of ${both.join(', ')}`,
      );
    }
    if (!isNumeric(name)) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${option}: column ${showValue(name)} of ${options.reference} holds categories, expected numbers`,
      );
    }
  }
  return [target, prediction].every((name) => both.includes(name) && isNumeric(name))
    ? { target, prediction }
    : undefined;
}

export function columnMissing(option: string, name: string, file: string, table: DriftTable): never {
  const reason = table.leftOut?.find((column) => column.name === name)?.reason;
  throw new CitibikeError(
    'INVALID_INPUT',
    reason === undefined
      ? `${option}: ${file} has no column ${showValue(name)}; it has ${[...table.columns.keys()].join(', ')}`
      : `${option}: column ${showValue(name)} of ${file} is left out (${reason}); name another column`,
  );
}
