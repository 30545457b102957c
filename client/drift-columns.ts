/** Which columns of two tables `citibike drift` compares, which it ignores and why, and what their roles are. */
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import type { Roles } from '../core/drift/evidently/compare.ts';
import { columnOf, type Column, type Table } from '../core/drift/evidently/table.ts';
import { DATE_COLUMNS, type DriftOptions } from './drift-options.ts';

export interface IgnoredColumn {
  readonly name: string;
  readonly reason: string;
}

/** A table whose reader names columns that are not compared by default. They may be in `columns` too. */
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
  /** Names in both tables. */
  readonly both: readonly string[];
  readonly ignored: readonly IgnoredColumn[];
}

/** Columns that say when a row is and not what it is: ignored unless `--columns` names them. */
const TIME_COLUMNS = [...DATE_COLUMNS, 'hour', 'year', 'iso_year', 'iso_week'];

/** @throws CitibikeError INVALID_INPUT for an option that names a column that is not there. */
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

/** Roles that no option names are taken from columns of their usual names if reference has numbers in them. */
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
        `${option}: no column ${showValue(name)} is compared; there are ${both.join(', ')}`,
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
      : `${option}: column ${showValue(name)} of ${file} is left out (${reason}); name another`,
  );
}
