/** Writes annotated rows as CSV or TSV. */
import { appendFileSync, writeFileSync } from 'node:fs';
import Papa from 'papaparse';
import type { AddedColumn, TableOutput } from './annotation.ts';
import type { TypedCell, TypedRows } from './typed-rows.ts';

export class CsvOutput implements TableOutput {
  readonly #file: string;
  readonly #delimiter: string;

  constructor(file: string, delimiter: string, names: readonly string[], adds: readonly AddedColumn[]) {
    this.#file = file;
    this.#delimiter = delimiter;
    writeFileSync(file, '');
    this.#append([[...names, ...adds.map(({ name }) => name)]]);
  }

  write({ texts }: TypedRows, added: readonly (readonly TypedCell[])[]): void {
    this.#append(texts.map((cells, i) => [...cells, ...added[i]!]));
  }

  finish(): void {
    // Every batch is already in the file.
  }

  #append(rows: TypedCell[][]): void {
    const text = Papa.unparse(rows, { delimiter: this.#delimiter, newline: '\n', header: false });
    if (rows.length > 0) appendFileSync(this.#file, `${text}\n`);
  }
}
