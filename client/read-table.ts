/** A CSV or parquet file as columns of numbers or categories. */
import { accessSync, constants, statSync, type Stats } from 'node:fs';
import type { ColumnTable } from '../adapters/csv/column-table.ts';
import { readCsvTable } from '../adapters/csv/csv-table.ts';
import { CitibikeError, messageOf } from '../contracts/errors.ts';

/**
 * @param categorical columns whose numbers are names, where the file has them.
 * @throws CitibikeError SOURCE_NOT_FOUND when it is not there, INVALID_INPUT when it cannot be read.
 */
export async function readTable(file: string, categorical: readonly string[] = []): Promise<ColumnTable> {
  checkTableFile(file);
  if (isParquet(file)) {
    // Loaded where it is needed: the database takes 40 MB before it reads a byte.
    const { readParquetTable } = await import('../adapters/duckdb/parquet-table.ts');
    return readParquetTable(file, categorical);
  }
  if (/\.gz$/i.test(file)) {
    const { withInflated } = await import('../adapters/csv/inflated-file.ts');
    return withInflated(file, (plain) => readCsvTable(plain, categorical));
  }
  return readCsvTable(file, categorical);
}

export const isParquet = (file: string): boolean => /\.parquet$/i.test(file);

/** @throws CitibikeError as `readTable`, for what shows before a byte is read. */
export function checkTableFile(file: string): void {
  const found = statOf(file);
  if (!found) throw new CitibikeError('SOURCE_NOT_FOUND', `no file ${file}`);
  if (found.isDirectory()) {
    throw new CitibikeError('INVALID_INPUT', `${file} is a folder: name one file in it, one ${EXPECTED}`);
  }
  if (!/\.(parquet|(csv|tsv)(\.gz)?)$/i.test(file)) {
    throw new CitibikeError('INVALID_INPUT', `${file}: expected a file ${EXPECTED}`);
  }
}

const EXPECTED = 'that ends in .csv, .tsv (also .gz) or .parquet';

/** Undefined where nothing is there. */
function statOf(file: string): Stats | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found) accessSync(file, constants.R_OK);
    return found;
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file} cannot be opened (${messageOf(error)}): check the path, and that the user of this command has leave to read it`,
      {},
      { cause: error },
    );
  }
}
