/** CSV or parquet files as columns of numbers or categories. */
import { existsSync, statSync } from 'node:fs';
import { readCsvTable } from '../adapters/csv/csv-table.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { Table } from '../core/drift/table.ts';

/** From this size on, reading on a thread beside is worth the 50 ms that starting one costs. */
const LARGE_BYTES = 16 * 2 ** 20;

/**
 * @param categorical columns whose numbers are names, where the file has them.
 * @throws CitibikeError SOURCE_NOT_FOUND when it is not there, INVALID_INPUT when it cannot be read.
 */
export async function readTable(file: string, categorical: readonly string[] = []): Promise<Table> {
  mustExist(file);
  if (isPlainCsv(file)) return readCsvTable(file, categorical);
  // Loaded where it is needed: the database takes 40 MB before it reads a byte.
  const { readTableFile } = await import('../adapters/duckdb/table-file.ts');
  return readTableFile(file, categorical);
}

/**
 * Two tables to be compared; large CSVs are read side by side. Throws as `readTable`.
 * @param largeBytes of current, from which on that is done.
 */
export async function readTables(
  reference: string,
  current: string,
  categorical: readonly string[] = [],
  largeBytes = LARGE_BYTES,
): Promise<readonly [Table, Table]> {
  for (const file of [reference, current]) mustExist(file);
  if (isPlainCsv(reference) && isPlainCsv(current) && statSync(current).size >= largeBytes) {
    const [{ TableThread }, { readSortedCsv }] = await Promise.all([
      import('./table-thread.ts'),
      import('./read-sorted-csv.ts'),
    ]);
    const thread = new TableThread(current, categorical);
    try {
      return [readSortedCsv(reference, categorical), await thread.table];
    } finally {
      await thread.end();
    }
  }
  // One after the other: both at once would hold two readers in memory and be no faster.
  return [await readTable(reference, categorical), await readTable(current, categorical)];
}

function mustExist(file: string): void {
  if (!existsSync(file)) throw new CitibikeError('SOURCE_NOT_FOUND', `no file ${file}`);
}

const isPlainCsv = (file: string): boolean => /\.(csv|tsv)$/i.test(file);
