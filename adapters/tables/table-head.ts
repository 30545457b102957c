/** Holds the first rows and the statistics of a table, read from a bounded part of its file. */

/** Represents a file of which parts can be read. */
export interface RangedFile {
  readonly bytes: number;
  /** Reads the bytes from `from` up to and without `to`. */
  readonly range: (from: number, to: number) => Promise<Uint8Array>;
}

export interface HeadColumn {
  readonly name: string;
  /** In words, such as `integer`, `number`, `text`, `time`. */
  readonly type: string;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number | null;
  readonly mean: number | null;
  /** Number of different values. */
  readonly distinct: number | null;
}

export interface TableHead {
  readonly columns: readonly HeadColumn[];
  /** Number of columns of the file, of which `columns` has the first. */
  readonly allColumns: number;
  /** Rows of the file; null if only a part of a CSV was read. */
  readonly rows: number | null;
  /** First rows, as text; null if they lie beyond the bytes that may be read. */
  readonly head: readonly (readonly (string | null)[])[] | null;
  /** Says which rows the statistics of the columns summarize. */
  readonly statistics: 'every row' | 'first rows';
}

export const HEAD_ROWS = 50;
export const MOST_COLUMNS = 60;
const CELL_CHARACTERS = 200;

type Cell = string | number | bigint | boolean | object;

/** Returns the text of a value as people read it, cut to the length of a cell. */
export function cellText(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  return textOf(value, type).slice(0, CELL_CHARACTERS);
}

function textOf(value: Cell, type: string): string {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return 'invalid time';
    const text = value.toISOString();
    return type === 'day' ? text.slice(0, 10) : text.replace('T', ' ').replace(/(\.000)?Z$/, '');
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'object')
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  return String(value);
}

/** Summarizes the values of a column. */
export function summarize(name: string, type: string, values: readonly unknown[]): HeadColumn {
  const present = values.filter((value) => value !== null && value !== undefined);
  const numbers = present
    .filter((value) => typeof value === 'number' || typeof value === 'bigint')
    .map(Number);
  const isNumeric = present.length > 0 && numbers.length === present.length;
  return {
    name,
    type,
    min: cellText(extreme(present, -1), type),
    max: cellText(extreme(present, 1), type),
    nulls: values.length - present.length,
    mean: isNumeric ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length : null,
    distinct: new Set(
      present.map((value) => (typeof value === 'object' && value !== null ? textOf(value, type) : value)),
    ).size,
  };
}

type Comparable = number | bigint | string | boolean | Date;

/** Returns the smallest (-1) or the largest (1) of values that can be compared; undefined for others. */
export function extreme(values: readonly unknown[], sign: -1 | 1): unknown {
  const [first] = values;
  if (first === undefined || (typeof first === 'object' && !(first instanceof Date))) return undefined;
  return (values as readonly Comparable[]).reduce((best, each) => {
    if (Number.isNaN(each) || (sign < 0 ? each >= best : each <= best)) return best;
    return each;
  });
}
