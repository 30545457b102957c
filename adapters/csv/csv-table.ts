/** A plain CSV file as columns, without a database: two passes, so that nothing is held but the columns themselves. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { CategoryColumn, NumberColumn, TableFile } from '../duckdb/table-file.ts';
import { readCsvRecords } from './csv-records.ts';
import { MISSING_TEXTS } from './missing-texts.ts';

const MISSING = new Set(MISSING_TEXTS);

/** What the values of a column have been, so far. */
interface Seen {
  number: boolean;
  boolean: boolean;
  text: boolean;
}

/**
 * Reads a whole file; columns of numbers or of booleans become numbers unless named as categorical, everything else categories.
 * @throws CitibikeError INVALID_INPUT for records of another length than the header.
 */
export async function readCsvTable(file: string, categorical: readonly string[] = []): Promise<TableFile> {
  const { names, seen, rows } = await survey(file);
  const columns = names.map((name, i) => {
    const isNumber = !seen[i]!.text && !(seen[i]!.number && seen[i]!.boolean);
    return isNumber && !categorical.includes(name)
      ? new NumberFiller(rows)
      : new CategoryFiller(rows, isNumber);
  });
  await readCsvRecords(file, (fields, record) => {
    if (record === 1) return;
    for (let i = 0; i < columns.length; i++) columns[i]!.put(record - 2, fields[i]!);
  });
  return { rows, columns: new Map(names.map((name, i) => [name, columns[i]!.column])) };
}

async function survey(file: string): Promise<{ names: string[]; seen: Seen[]; rows: number }> {
  let names: string[] = [];
  let seen: Seen[] = [];
  let rows = 0;
  await readCsvRecords(file, (fields, record) => {
    if (record === 1) {
      names = fields.map((name) => name.replace(/^\uFEFF/, ''));
      seen = names.map(() => ({ number: false, boolean: false, text: false }));
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) {
        throw new CitibikeError('INVALID_INPUT', `${file}: the header names ${JSON.stringify(twice)} twice`);
      }
      return;
    }
    if (fields.length !== names.length) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${file}, record ${record}: got ${fields.length} fields, the header has ${names.length}`,
      );
    }
    rows += 1;
    for (let i = 0; i < fields.length; i++) look(seen[i]!, fields[i]!);
  });
  if (names.length === 0) {
    throw new CitibikeError('INVALID_INPUT', `${file} is empty: expected a line of column names`);
  }
  return { names, seen, rows };
}

function look(seen: Seen, text: string): void {
  if (seen.text) return;
  if (!Number.isNaN(plainNumber(text))) {
    seen.number = true;
    return;
  }
  if (MISSING.has(text)) return;
  if (numberOf(text) !== undefined) seen.number = true;
  else if (booleanOf(text) !== undefined) seen.boolean = true;
  else seen.text = true;
}

const [ZERO, NINE, MINUS, POINT] = [48, 57, 45, 46];
/** Digits that a double holds exactly, and powers of ten that it does: their quotient is then the nearest double, as Number gives it. */
const MOST_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);

/** `-12.5` and the like, several times faster than Number; NaN for all else, which may still be a number. */
function plainNumber(text: string): number {
  const { length } = text;
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  if (length - start > MOST_DIGITS) return NaN;
  let [value, digits, decimals] = [0, 0, -1];
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) {
      value = 10 * value + code - ZERO;
      digits += 1;
    } else if (code === POINT && decimals < 0) decimals = digits;
    else return NaN;
  }
  if (digits === 0) return NaN;
  if (decimals >= 0) value /= POWERS_OF_TEN[digits - decimals]!;
  return start === 1 ? -value : value;
}

/** Infinity by its names too; undefined for what is no number, hexadecimal and the like among it. */
function numberOf(text: string): number | undefined {
  const value = Number(text);
  if (Number.isNaN(value)) {
    const infinity = /^\s*([+-]?)inf(inity)?\s*$/i.exec(text);
    return infinity ? (infinity[1] === '-' ? -Infinity : Infinity) : undefined;
  }
  return /[xXoObB]/.test(text) || text.trim() === '' ? undefined : value;
}

function booleanOf(text: string): number | undefined {
  return /^true$/i.test(text) ? 1 : /^false$/i.test(text) ? 0 : undefined;
}

class NumberFiller {
  readonly column: NumberColumn;

  constructor(rows: number) {
    this.column = { type: 'num', values: new Float64Array(rows) };
  }

  put(row: number, text: string): void {
    const plain = plainNumber(text);
    if (!Number.isNaN(plain)) this.column.values[row] = plain;
    else this.column.values[row] = MISSING.has(text) ? NaN : (numberOf(text) ?? booleanOf(text) ?? NaN);
  }
}

class CategoryFiller {
  readonly column: CategoryColumn;
  readonly #values: (string | number | null)[];
  readonly #isNumber: boolean;
  /** One copy of each text: a slice of the file would keep the whole piece it was cut from. */
  readonly #known = new Map<string, string>();

  constructor(rows: number, isNumber: boolean) {
    this.#values = new Array<string | number | null>(rows).fill(null);
    this.#isNumber = isNumber;
    this.column = { type: 'cat', values: this.#values };
  }

  put(row: number, text: string): void {
    if (MISSING.has(text)) return;
    this.#values[row] = this.#isNumber ? (numberOf(text) ?? booleanOf(text) ?? null) : this.#copyOf(text);
  }

  #copyOf(text: string): string {
    let copy = this.#known.get(text);
    if (copy === undefined) {
      copy = Buffer.from(text).toString();
      this.#known.set(copy, copy);
    }
    return copy;
  }
}
