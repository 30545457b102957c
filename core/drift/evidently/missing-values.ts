import type { CategoricalColumn, Category, NumericColumn, Table } from './drift-table.ts';

/** Represents the missing values of a table, with Evidently's names. They are null, NaN, both infinities and the empty string. */
export interface MissingValues {
  readonly number_of_missing_values: number;
  readonly share_of_missing_values: number;
  readonly number_of_rows: number;
  readonly number_of_columns: number;
  /** Number of kinds that occur, of the four: null or NaN, ∞, −∞, empty string. */
  readonly number_of_different_missing_values: number;
  readonly number_of_rows_with_missing_values: number;
  readonly share_of_rows_with_missing_values: number;
  readonly number_of_columns_with_missing_values: number;
  readonly share_of_columns_with_missing_values: number;
  /** Names in alphabetical order. */
  readonly columns_with_missing_values: readonly string[];
  readonly number_of_missing_values_by_column: Readonly<Record<string, number>>;
}

type MissingKind = 'null' | 'inf' | '-inf' | 'empty';

/** Counts the missing values of a table, by column and by kind. */
export function missingValues(table: Table): MissingValues {
  const rowHasMissing = new Uint8Array(table.rows);
  const kinds = new Set<MissingKind>();
  const byColumn: Record<string, number> = {};
  for (const [name, column] of table.columns) {
    let count = 0;
    const add = (row: number, kind: MissingKind) => {
      count += 1;
      rowHasMissing[row] = 1;
      kinds.add(kind);
    };
    if (column.type === 'num') eachMissingNumber(column, add);
    else eachMissingCategory(column, table.rows, add);
    byColumn[name] = count;
  }
  const rowsWithMissing = rowHasMissing.reduce((sum, has) => sum + has, 0);
  const columns = Object.keys(byColumn);
  const total = Object.values(byColumn).reduce((sum, count) => sum + count, 0);
  const columnsWithMissing = columns.filter((name) => byColumn[name]! > 0);
  const shareOf = (count: number, all: number) => (all === 0 ? 0 : count / all);
  return {
    number_of_missing_values: total,
    share_of_missing_values: shareOf(total, table.rows * columns.length),
    number_of_rows: table.rows,
    number_of_columns: columns.length,
    number_of_different_missing_values: kinds.size,
    number_of_rows_with_missing_values: rowsWithMissing,
    share_of_rows_with_missing_values: shareOf(rowsWithMissing, table.rows),
    number_of_columns_with_missing_values: columnsWithMissing.length,
    share_of_columns_with_missing_values: shareOf(columnsWithMissing.length, columns.length),
    columns_with_missing_values: columnsWithMissing.sort(),
    number_of_missing_values_by_column: byColumn,
  };
}

type OnMissing = (row: number, kind: MissingKind) => void;

function eachMissingNumber({ values, sorted }: NumericColumn, found: OnMissing): void {
  if (sorted?.length === values.length) return;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isFinite(value)) found(row, kindOf(value)!);
  }
}

function eachMissingCategory(column: CategoricalColumn, rows: number, found: OnMissing): void {
  const { codes, categories } = column;
  if (codes && categories) {
    const kinds = categories.map(kindOf);
    if (kinds.every((kind) => kind === undefined) && !codes.includes(-1)) return;
    for (let row = 0; row < rows; row++) {
      const kind = codes[row]! < 0 ? 'null' : kinds[codes[row]!];
      if (kind) found(row, kind);
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    const kind = kindOf(column.values[row] ?? null);
    if (kind) found(row, kind);
  }
}

function kindOf(value: Category | null): MissingKind | undefined {
  if (value === null || Number.isNaN(value)) return 'null';
  if (value === '') return 'empty';
  if (value === Infinity) return 'inf';
  return value === -Infinity ? '-inf' : undefined;
}
