/** Reads the column names of a file before its rows. */
import Papa from 'papaparse';
import { checkHeader } from './header.ts';
import type { TableFile } from './table-file.ts';
import { readTextFacts, type TextFacts } from './text-facts.ts';

/** Reads the column names. @throws CitibikeError INVALID_INPUT like `readTextFacts`, `withParquet` and `checkHeader`. */
export async function columnNames(file: TableFile): Promise<readonly string[]> {
  if (file.format === 'csv') return firstRows(file, await readTextFacts(file), 1)[0];
  const { withParquet } = await import('./parquet-file.ts');
  return withParquet(file, (_, { columns }) => Promise.resolve(columns.map(({ name }) => name)));
}

/** Returns the checked header and the first rows of a CSV file. */
export function firstRows(
  file: TableFile,
  { delimiter, lineEnd, head }: TextFacts,
  count: number,
): [string[], ...string[][]] {
  const [blank] = /^[\r\n]*/.exec(head)!;
  const parser = new Papa.Parser({ delimiter, newline: lineEnd, preview: count });
  const { data } = parser.parse(head.slice(blank.length), 0, false) as Papa.ParseResult<string[]>;
  const [names = [], ...rows] = data;
  checkHeader(`${file.name}, line ${1 + blank.length / lineEnd.length}`, names);
  return [names, ...rows];
}
