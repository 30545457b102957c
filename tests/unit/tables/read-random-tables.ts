/**
 * Reads every table of a manifest and adds columns to each, as a process with its own time zone and locale.
 *
 *     node read-random-tables.ts OUTPUTS   (in the folder of the manifest)
 *
 * Writes the messages of rejected tables to errors.json, and the columns of `readTable` to columns.json.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { annotateFile } from '../../../adapters/tables/annotate-file.ts';
import type { Annotation } from '../../../adapters/tables/annotation.ts';
import { CodedColumn } from '../../../adapters/tables/coded-column.ts';
import type { ColumnTable, ReadOptions } from '../../../adapters/tables/column-table.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { messageOf } from '../../../contracts/errors.ts';

export interface RandomTable {
  readonly file: string;
  readonly kind: 'csv' | 'parquet';
  /** Name of a CSV with the same columns. */
  readonly same?: string;
}

/** Represents columns by name, as categories and codes or as numbers in text; or the message. */
export type Described = Readonly<Record<string, string>> | string;
export interface ReadRandomTable {
  readonly small: Described;
  /** Result of reading the table as a large file. */
  readonly large: Described;
}

const ANNOTATION: Annotation = {
  reads: [{ name: 'typed', as: 'number', required: false }],
  adds: [
    { name: 'row_number', as: 'number' },
    { name: 'read', as: 'text' },
  ],
  annotate: (rows, first) => rows.map(([typed], i) => [first + i, typed === null ? null : String(typed)]),
};

function describe({ rows, columns, leftOut }: ColumnTable): Described {
  const described: Record<string, string> = { rows: String(rows), leftOut: JSON.stringify(leftOut) };
  for (const [name, column] of columns) {
    described[`column ${name}`] =
      column instanceof CodedColumn
        ? JSON.stringify([column.categories, [...column.codes]])
        : [...column.values].map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(' ');
  }
  return described;
}

async function read(file: string, options: ReadOptions): Promise<Described> {
  try {
    return describe(await readTable(file, options));
  } catch (error) {
    return messageOf(error);
  }
}

const outputs = process.argv[2];
if (outputs !== undefined) {
  mkdirSync(outputs);
  const errors: Record<string, string> = {};
  const results: Record<string, ReadRandomTable> = {};
  for (const { file } of JSON.parse(readFileSync('manifest.json', 'utf8')) as RandomTable[]) {
    const output = path.join(outputs, `${file}.out`);
    try {
      await annotateFile(file, `${output}.csv`, ANNOTATION);
      await annotateFile(file, `${output}.parquet`, ANNOTATION);
    } catch (error) {
      errors[file] = messageOf(error);
    }
    results[file] = { small: await read(file, { plainBytes: Infinity }), large: await read(file, {}) };
  }
  writeFileSync(path.join(outputs, 'errors.json'), JSON.stringify(errors));
  writeFileSync(path.join(outputs, 'columns.json'), JSON.stringify(results));
}
