/** Any CSV or parquet file as columns of numbers or categories. */
import { existsSync } from 'node:fs';
import type { TableFile } from '../adapters/duckdb/table-file.ts';
import { readCsvTable } from '../adapters/csv/csv-table.ts';
import { CitibikeError } from '../contracts/errors.ts';

/**
 * @param categorical columns whose numbers are names, where the file has them.
 * @throws CitibikeError SOURCE_NOT_FOUND when it is not there, INVALID_INPUT when it cannot be read.
 */
export async function readTable(file: string, categorical: readonly string[] = []): Promise<TableFile> {
  if (!existsSync(file)) throw new CitibikeError('SOURCE_NOT_FOUND', `no file ${file}`);
  if (/\.(csv|tsv)$/i.test(file)) return readCsvTable(file, categorical);
  // Loaded where it is needed: the database takes 40 MB before it reads a byte.
  const { readTableFile } = await import('../adapters/duckdb/table-file.ts');
  return readTableFile(file, categorical);
}
