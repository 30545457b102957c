/** Finds the index columns that pandas wrote into a file. */
import { columnNames } from './column-names.ts';
import { isIndexColumn } from './header.ts';
import type { TableFile } from './table-file.ts';

/** @throws CitibikeError INVALID_INPUT as `columnNames`. */
export async function indexColumns(file: TableFile): Promise<string[]> {
  return (await columnNames(file)).filter(isIndexColumn);
}
