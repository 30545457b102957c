/** Reads cells of declared columns, with the same meaning in CSV and parquet. */
import { CitibikeError } from '../../contracts/errors.ts';
import { booleanOf, hasZone, isMissing, numberOf, ZONE_ADVICE } from '../../contracts/cells.ts';
import { showValue } from '../../contracts/show-value.ts';
import { checkTwice, placeOf, requireColumns } from './header.ts';
import type { ParquetColumn } from './parquet-file.ts';
import type { TableFile } from './table-file.ts';

/**
 * Represents kinds of cells. `time` is a text that starts with a day and has no zone, `whole` a whole number, and `flag` a number or a
 * boolean. `trace` is a number or `T`, a trace of rain or snow, which counts as 0.
 */
export type CellKind = 'text' | 'time' | 'number' | 'whole' | 'flag' | 'trace';
export interface DeclaredColumn {
  readonly name: string;
  readonly as: CellKind;
  readonly required: boolean;
}

/** Represents a text, a number, or null if missing. */
export type TypedCell = string | number | null;

export interface TypedRows {
  /** Number of the first row, counted from 1 after the header. */
  readonly first: number;
  /** Cells of the declared columns in their order; null if the file lacks the column. */
  readonly rows: readonly (readonly TypedCell[])[];
  /** All cells of the file as texts. */
  readonly texts: readonly (readonly string[])[];
}

export interface TypedReader {
  readonly columns: readonly DeclaredColumn[];
  readonly rows: (batch: TypedRows) => void;
}

/** Limits the number of faulty cells in a message. */
const MOST_FAULTS = 5;

/** Returns the index of each declared column; −1 if there is none. */
export function placesOf(
  file: TableFile,
  names: readonly string[],
  columns: readonly DeclaredColumn[],
): number[] {
  requireColumns(
    file.name,
    names,
    columns.filter(({ required }) => required).map(({ name }) => name),
  );
  for (const { name } of columns) checkTwice(file.name, names, name);
  return columns.map(({ name }) => placeOf(names, name));
}

/** Collects faulty cells, so that one message names several. */
export class Faults {
  readonly #file: TableFile;
  readonly #texts: string[] = [];
  #count = 0;

  constructor(file: TableFile) {
    this.#file = file;
  }

  add(row: number, column: string, value: unknown, expected: string): void {
    this.#count += 1;
    if (this.#texts.length === MOST_FAULTS) return;
    this.#texts.push(`row ${row}: ${column}: got ${showValue(value)}, expected ${expected}`);
  }

  /** Checks that there are no faults. @throws CitibikeError INVALID_INPUT otherwise. */
  check(): void {
    if (this.#count === 0) return;
    const more = this.#count > MOST_FAULTS ? `; and ${this.#count - MOST_FAULTS} more` : '';
    throw new CitibikeError('INVALID_INPUT', `${this.#file.name}, ${this.#texts.join('; ')}${more}`);
  }
}

/** Reads a cell of a declared column from its text, or from a number of parquet. */
export function cellOf(
  cell: string | number,
  column: DeclaredColumn,
  row: number,
  faults: Faults,
): TypedCell {
  const { name, as } = column;
  if (typeof cell === 'number') return numberCell(cell, cell, column, row, faults);
  if (isMissing(cell)) return null;
  if (as === 'text') return cell;
  if (as === 'time') {
    if (hasZone(cell)) faults.add(row, name, cell, `a local time without a zone; ${ZONE_ADVICE}`);
    return cell;
  }
  if (as === 'trace' && cell === 'T') return 0;
  const truth = as === 'flag' ? booleanOf(cell) : undefined;
  return numberCell(truth ?? numberOf(cell), cell, column, row, faults);
}

function numberCell(
  value: number | undefined,
  written: unknown,
  { name, as }: DeclaredColumn,
  row: number,
  faults: Faults,
): number | null {
  if (value !== undefined && Number.isNaN(value)) return null;
  const isGood =
    value !== undefined && Number.isFinite(value) && (as !== 'whole' || Number.isSafeInteger(value));
  if (isGood) return value;
  faults.add(
    row,
    name,
    written,
    `${as === 'whole' ? 'a whole number' : 'a number'}, or an empty cell for a missing value`,
  );
  return null;
}

/** Checks the type of a parquet column. @throws CitibikeError INVALID_INPUT if it does not fit the declared kind. */
export function checkKind(file: TableFile, { name, kind, type }: ParquetColumn, as: CellKind): void {
  const fits =
    kind === 'text' ||
    (as === 'time'
      ? kind === 'day' || kind === 'time'
      : as !== 'text' && (kind === 'number' || (kind === 'boolean' && as === 'flag')));
  if (fits || (as === 'text' && kind !== 'other')) return;
  const expected =
    as === 'time'
      ? `a date, a timestamp without a zone, or text${kind === 'zoned' ? `; ${ZONE_ADVICE}` : ''}`
      : 'numbers';
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file.name}, column ${name}: got the type ${type}, expected ${expected}`,
  );
}
