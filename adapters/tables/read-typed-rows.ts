/** Reads declared columns alike from CSV and parquet, and passes all other columns through. */
import { readCsvRows } from './csv-rows.ts';
import type { TableFile } from './table-file.ts';
import { cellOf, Faults, placesOf, type TypedReader } from './typed-rows.ts';

/**
 * Reads every row of a file in order, in batches.
 * @throws CitibikeError INVALID_INPUT with file, row, column, value and expectation, or with the missing columns.
 */
export async function readTypedRows(file: TableFile, reader: TypedReader): Promise<void> {
  if (file.format === 'parquet') {
    const { readParquetRows } = await import('./parquet-rows.ts');
    return readParquetRows(file, reader);
  }
  let places: number[] = [];
  await readCsvRows(file, {
    header: (names) => {
      places = placesOf(file, names, reader.columns);
    },
    rows: ({ rows, first }) => {
      const faults = new Faults(file);
      const typed = rows.map((cells, i) =>
        reader.columns.map((column, j) => {
          const text = cells[places[j]!];
          return text === undefined ? null : cellOf(text, column, first + i, faults);
        }),
      );
      faults.check();
      reader.rows({ first, rows: typed, texts: rows });
    },
  });
}
