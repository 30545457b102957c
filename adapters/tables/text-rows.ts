/** Reads rows of a file of any format as texts. */
import { readCsvRows } from './csv-rows.ts';
import type { TableFile } from './table-file.ts';
import { readTypedRows } from './read-typed-rows.ts';

interface TextRow {
  readonly cells: readonly string[];
  /** Position in messages: `line 3` of a text file, `row 2` of parquet. */
  readonly place: string;
}

export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly TextRow[];
}

/** Reads a whole file. @throws CitibikeError INVALID_INPUT like `readTypedRows`. */
export async function readTextTable(file: TableFile): Promise<TextTable> {
  const rows: TextRow[] = [];
  let columns: readonly string[] = [];
  if (file.format === 'parquet') {
    const { columnNames } = await import('./column-names.ts');
    columns = await columnNames(file);
    await readTypedRows(file, {
      columns: [],
      rows: ({ texts, first }) =>
        texts.forEach((cells, i) => rows.push({ cells, place: `row ${first + i}` })),
    });
  } else {
    await readCsvRows(file, {
      header: (names) => (columns = names),
      rows: (batch) =>
        batch.rows.forEach((cells, i) => rows.push({ cells, place: `line ${batch.lines[i]}` })),
    });
  }
  return { columns, rows };
}
