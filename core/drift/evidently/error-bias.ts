/** Shows whether the largest errors concentrate at certain values of a column. */
import { finiteOrNull } from './moments.ts';
import type { RegressionErrors } from './regression-errors.ts';
import type { Category, Column, Table } from './drift-table.ts';

/** Represents the mean or most frequent category of a column, among all rows and in each tail of the errors. It is null without values. */
interface ColumnBias {
  readonly type: Column['type'];
  readonly majority: Category | null;
  readonly under: Category | null;
  readonly over: Category | null;
  /** For numbers, distance of the tails in percent of the column's range. For categories, 1 if the three differ, else 0. */
  readonly range: number | null;
}

/** Bias of one column in both spans, with Evidently's names. */
export interface ErrorBias {
  readonly feature_type: Column['type'];
  readonly current_majority: Category | null;
  readonly current_under: Category | null;
  readonly current_over: Category | null;
  readonly current_range: number | null;
  readonly ref_majority: Category | null;
  readonly ref_under: Category | null;
  readonly ref_over: Category | null;
  readonly ref_range: number | null;
}

export type ColumnBiases = Readonly<Record<string, ColumnBias>>;

/** Computes the bias of every column except `without`. */
export function columnBiases(
  table: Table,
  errors: RegressionErrors,
  without: readonly string[],
): ColumnBiases {
  const columns = [...table.columns].filter(([name]) => !without.includes(name));
  return Object.fromEntries(
    columns.map(([name, column]) => [
      name,
      column.type === 'num' ? numberBias(column.values, errors) : categoryBias(column.values, errors),
    ]),
  );
}

/** Combines the columns that both spans have. */
export function errorBias(current: ColumnBiases, reference: ColumnBiases): Record<string, ErrorBias> {
  const both = Object.entries(current).filter(([name]) => name in reference);
  return Object.fromEntries(
    both.map(([name, ours]): [string, ErrorBias] => {
      const theirs = reference[name]!;
      return [
        name,
        {
          feature_type: ours.type,
          current_majority: ours.majority,
          current_under: ours.under,
          current_over: ours.over,
          current_range: ours.range,
          ref_majority: theirs.majority,
          ref_under: theirs.under,
          ref_over: theirs.over,
          ref_range: theirs.range,
        },
      ];
    }),
  );
}

function numberBias(values: Float64Array, { rows, error, low, high }: RegressionErrors): ColumnBias {
  const [all, under, over] = [new RunningMean(), new RunningMean(), new RunningMean()];
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isFinite(value)) continue;
    all.add(value);
    if (error[i]! <= low) under.add(value);
    if (error[i]! >= high) over.add(value);
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const gap = Math.abs(over.mean - under.mean);
  return {
    type: 'num',
    majority: finiteOrNull(all.mean),
    under: finiteOrNull(under.mean),
    over: finiteOrNull(over.mean),
    range: finiteOrNull(gap === 0 ? 0 : (100 * gap) / (greatest - least)),
  };
}

class RunningMean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  get mean(): number {
    return this.#sum / this.#count;
  }
}

function categoryBias(
  values: readonly (Category | null)[],
  { rows, error, low, high }: RegressionErrors,
): ColumnBias {
  const mostFrequent = (belongs: (error: number) => boolean): Category | null => {
    const counts = new Map<Category, number>();
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i]!] ?? null;
      if (value !== null && belongs(error[i]!)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    let most: Category | null = null;
    // The first of several equal counts wins, as in pandas' idxmax.
    for (const [value, count] of counts) if (most === null || count > counts.get(most)!) most = value;
    return most;
  };
  const majority = mostFrequent(() => true);
  const under = mostFrequent((value) => value <= low);
  const over = mostFrequent((value) => value >= high);
  return { type: 'cat', majority, under, over, range: majority === under && majority === over ? 0 : 1 };
}
