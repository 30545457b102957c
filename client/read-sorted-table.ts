import type { CodedColumn } from '../adapters/csv/coded-column.ts';
import { sortedFinite } from '../core/drift/sorted-finite.ts';
import type { NumericColumn } from '../core/drift/table.ts';
import { readTable } from './read-table.ts';

export interface SortedTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Required<NumericColumn> | CodedColumn>;
}

/** A table whose numbers are sorted at once, on the thread that reads it. Throws as `readTable`. */
export async function readSortedTable(file: string, categorical: readonly string[]): Promise<SortedTable> {
  const { rows, columns } = await readTable(file, categorical);
  const scratch = new Float64Array(rows);
  const sorted = [...columns].map(([name, column]): [string, Required<NumericColumn> | CodedColumn] => [
    name,
    column.type === 'num' ? { ...column, sorted: sortedFinite(column.values, scratch) } : column,
  ]);
  return { rows, columns: new Map(sorted) };
}
