import { statSync } from 'node:fs';
import type { Table } from '../core/drift/table.ts';
import { checkTableFile, isParquet, readTable } from './read-table.ts';

/** From this size on, reading on a thread beside is worth the 50 ms that starting one costs. */
const LARGE_BYTES = 16 * 2 ** 20;

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
  for (const file of [reference, current]) checkTableFile(file);
  if (isParquet(reference) || isParquet(current) || statSync(current).size < largeBytes) {
    // One after the other: two databases at once take 100 MB more.
    return [await readTable(reference, categorical), await readTable(current, categorical)];
  }
  const [{ TableThread }, { readSortedTable }] = await Promise.all([
    import('./table-thread.ts'),
    import('./read-sorted-table.ts'),
  ]);
  const thread = new TableThread(current, categorical);
  try {
    // Here first: an error of the reference is told before one of current.
    return [await readSortedTable(reference, categorical), await thread.table];
  } finally {
    await thread.end();
  }
}
