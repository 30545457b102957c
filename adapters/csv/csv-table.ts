/** A plain CSV file as columns, without a database, in memory that is little more than the columns'. */
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { CodedColumn } from './coded-column.ts';
import type { ColumnTable, NumberColumn } from './column-table.ts';
import { CsvColumn, NOTHING, NUMBERS, TEXTS } from './csv-column.ts';
import { nameOf, scanCsv } from './csv-scanner.ts';
import type { OpenFile } from './inflated-file.ts';

/**
 * Reads a whole file; columns of numbers or of booleans become numbers unless named as categorical, everything else categories. A file
 * in which a column turns out to be no numbers after some that were is read a second time, for that column.
 * @throws CitibikeError INVALID_INPUT for records of another length than the header.
 */
export function readCsvTable(file: string | OpenFile, categorical: readonly string[] = []): ColumnTable {
  let names: readonly string[] = [];
  let columns: CsvColumn[] = [];
  const isNamed = (name: string) => categorical.includes(name);
  const rows = scanCsv(file, (header) => {
    names = header;
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new CitibikeError('INVALID_INPUT', `${nameOf(file)}: the header names ${showValue(twice)} twice`);
    }
    columns = names.map((name) => new CsvColumn(isNamed(name) ? TEXTS : NUMBERS));
    return columns;
  });
  const mixed = columns.map((column) => column.isMixed(rows));
  if (mixed.includes(true)) {
    const again = mixed.map((isMixed) => new CsvColumn(isMixed ? TEXTS : NOTHING));
    scanCsv(file, () => again);
    columns = columns.map((column, i) => (mixed[i] ? again[i]! : column));
  }
  const built = names.map((name, i): [string, NumberColumn | CodedColumn] => [
    name,
    columns[i]!.build(rows, isNamed(name)),
  ]);
  return { rows, columns: new Map(built) };
}
