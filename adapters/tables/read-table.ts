/** Reads a whole file as columns of numbers or categories, for drift checks. */
import { isMissing, numberOf } from '../../contracts/cells.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { CodedColumn } from './coded-column.ts';
import type { ColumnTable, NumberColumn, ReadOptions } from './column-table.ts';
import { checkHeader, INDEX_REASON, isIndexColumn } from './header.ts';
import { readPlainCsv } from './plain-csv.ts';
import { tableFile, type TableFile } from './table-file.ts';
import { CategoryTexts, NumberTexts, type Collect, type CsvPass } from './text-column.ts';
import { readTextFacts, type TextFacts } from './text-facts.ts';

/** Sets the number of rows from which the kind of a column is guessed. A wrong guess causes a second pass, not a wrong result. */
const SUGGESTING_ROWS = 20;

/**
 * Reads a table. In CSV, a column of numbers or booleans becomes numbers and everything else categories; in parquet
 * the type decides. Index columns of pandas are omitted.
 * @throws CitibikeError SOURCE_NOT_FOUND, or INVALID_INPUT with file, line and column.
 */
export async function readTable(name: string, options: ReadOptions = {}): Promise<ColumnTable> {
  const file = tableFile(name);
  if (file.format === 'csv') return readCsvTable(file, options);
  // DuckDB takes 40 MB, so it is loaded on demand.
  const { readParquetColumns } = await import('./parquet-columns.ts');
  return readParquetColumns(file, options);
}

/**
 * Reads two tables side by side.
 * @throws CitibikeError as `readTable`; an error of the reference is reported before one of current.
 */
export async function readTables(
  reference: string,
  current: string,
  options: ReadOptions = {},
): Promise<readonly [ColumnTable, ColumnTable]> {
  const [first, second] = await Promise.allSettled([
    readTable(reference, options),
    readTable(current, options),
  ]);
  for (const result of [first, second]) if (result.status === 'rejected') throw result.reason;
  return [
    (first as PromiseFulfilledResult<ColumnTable>).value,
    (second as PromiseFulfilledResult<ColumnTable>).value,
  ];
}

async function readCsvTable(file: TableFile, options: ReadOptions): Promise<ColumnTable> {
  const facts = await readTextFacts(file);
  const { names, suggested } = await beginningOf(file, facts);
  const isIndex = names.map(isIndexColumn);
  const isCategory = names.map((name) => options.categorical?.includes(name) ?? false);
  const pass = await readPass(
    file,
    facts,
    names,
    names.map((_, i) => (isIndex[i] ? 'nothing' : isCategory[i] ? 'texts' : suggested[i]!)),
    options,
  );
  const builders = [...pass.builders];
  const failed = builders.map((builder) => builder?.failed ?? false);
  if (failed.includes(true)) {
    const again = failed.map((each): Collect => (each ? 'texts' : 'nothing'));
    const second = await readPass(file, facts, names, again, options);
    for (const [i, builder] of second.builders.entries()) if (builder) builders[i] = builder;
  }
  const columns = names.flatMap((name, i): [string, NumberColumn | CodedColumn][] =>
    builders[i] ? [[name, builders[i].build(pass.rows, isCategory[i]!)]] : [],
  );
  for (const [name, column] of columns)
    if (!options.categorical?.includes(name)) checkCommas(file, name, column);
  const leftOut = names.filter((_, i) => isIndex[i]).map((each) => ({ name: each, reason: INDEX_REASON }));
  return { rows: pass.rows, columns: new Map(columns), leftOut };
}

/** Matches a number with a decimal comma or with thousands separators. */
const COMMA_NUMBER = /^[+-]?\d+(,\d+)+(\.\d+)?$/;

/** Rejects numbers with commas, which would be compared as texts. @throws CitibikeError INVALID_INPUT */
function checkCommas(file: TableFile, name: string, column: NumberColumn | CodedColumn): void {
  if (column.type === 'num') return;
  let found: string | undefined;
  for (const category of column.categories) {
    const text = String(category);
    if (COMMA_NUMBER.test(text)) found ??= text;
    else if (numberOf(text) === undefined) return;
  }
  if (found === undefined) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file.name}, column ${showValue(name)}: got ${showValue(found)}, expected numbers with a decimal point and no commas: rewrite them, or name the column in --categorical`,
  );
}

/** Returns the column names, and the kinds that the first rows suggest. */
async function beginningOf(
  file: TableFile,
  facts: TextFacts,
): Promise<{ names: readonly string[]; suggested: readonly Collect[] }> {
  const [names, ...rows] = await firstRows(file, facts);
  // The last of these rows may be truncated.
  const whole = rows.slice(0, -1);
  const isText = (cell: string | undefined): boolean =>
    cell !== undefined && !isMissing(cell) && numberOf(cell) === undefined;
  return {
    names,
    suggested: names.map((_, i) => (whole.some((row) => isText(row[i])) ? 'texts' : 'numbers')),
  };
}

async function firstRows(file: TableFile, facts: TextFacts): Promise<[string[], ...string[][]]> {
  if (!facts.plain) {
    const { firstRows: parsed } = await import('./column-names.ts');
    return parsed(file, facts, SUGGESTING_ROWS);
  }
  const [blank] = /^\n*/.exec(facts.head)!;
  const lines = facts.head.slice(blank.length).split('\n', SUGGESTING_ROWS);
  const [names = [], ...rows] = lines
    .filter((line) => line !== '')
    .map((line) => line.split(facts.delimiter));
  checkHeader(`${file.name}, line ${1 + blank.length}`, names);
  return [names, ...rows];
}

async function readPass(
  file: TableFile,
  facts: TextFacts,
  names: readonly string[],
  collect: readonly Collect[],
  { plainBytes = 0 }: ReadOptions,
): Promise<CsvPass> {
  if (facts.plain && file.bytes >= plainBytes && names.length > 1) {
    const pass = await readPlainCsv(file, facts, collect);
    if (pass) return pass;
  }
  // The parser is loaded on demand, because a check of two small files takes only a tenth of a second.
  const { readCsvText } = await import('./csv-rows.ts');
  const builders = collect.map((each) =>
    each === 'nothing' ? undefined : each === 'numbers' ? new NumberTexts() : new CategoryTexts(),
  );
  let rows = 0;
  await readCsvText(file, facts, {
    header: () => undefined,
    rows: (batch) => {
      for (let i = 0; i < builders.length; i++) builders[i]?.addAll(rows, batch.rows, i);
      rows += batch.rows.length;
    },
  });
  return { rows, builders };
}
