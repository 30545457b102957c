import Papa from 'papaparse';
import { CitibikeError } from '../../contracts/errors.ts';
import {
  HEAD_ROWS,
  MOST_COLUMNS,
  cellText,
  summarize,
  type RangedFile,
  type TableHead,
} from './table-head.ts';

const CSV_BYTES = 2 ** 20;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d{1,15}$/;

/**
 * Reads the head of a CSV file: its first megabyte, up to the last whole line.
 * @throws CitibikeError INVALID_INPUT if it has no header.
 */
export async function csvHead(file: RangedFile): Promise<TableHead> {
  const isWhole = file.bytes <= CSV_BYTES;
  const bytes = file.bytes > 0 ? await file.range(0, Math.min(file.bytes, CSV_BYTES)) : new Uint8Array();
  const end = isWhole ? bytes.length : bytes.lastIndexOf(10) + 1;
  const { data } = Papa.parse<string[]>(new TextDecoder().decode(bytes.subarray(0, end)), {
    skipEmptyLines: true,
  });
  const [names, ...rows] = data;
  if (!names)
    throw new CitibikeError('INVALID_INPUT', 'cannot read the table, expected a CSV file with a header');
  const columns = names.slice(0, MOST_COLUMNS).map((name, i) => {
    const cells = rows.map((row) => row[i] || null);
    const type = typeOf(cells);
    const values = type === 'text' ? cells : cells.map((cell) => (cell === null ? null : Number(cell)));
    return { type, values, summary: summarize(name, type, values) };
  });
  return {
    columns: columns.map(({ summary }) => summary),
    allColumns: names.length,
    rows: isWhole ? rows.length : null,
    head: rows.slice(0, HEAD_ROWS).map((row) => columns.map(({ type }, i) => cellText(row[i] || null, type))),
    statistics: isWhole ? 'every row' : 'first rows',
  };
}

function typeOf(cells: readonly (string | null)[]): string {
  const present = cells.filter((cell) => cell !== null);
  if (present.length === 0 || !present.every((cell) => NUMBER.test(cell))) return 'text';
  return present.every((cell) => INTEGER.test(cell)) ? 'integer' : 'number';
}
