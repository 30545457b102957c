/** Compares current with reference: computes every number of Evidently's report, for all of current and for each ISO week. */
import { CitibikeError } from '../../../contracts/errors.ts';
import { columnDrift, notCompared, type ColumnDrift } from './column-drift.ts';
import { datasetDrift, type DatasetDrift } from './dataset-drift.ts';
import { columnBiases, errorBias, type ColumnBiases, type ErrorBias } from './error-bias.ts';
import { errorNormality, type ErrorNormality } from './error-normality.ts';
import { columnFindings, tableFindings, type Finding } from './findings.ts';
import { rowsByWeek } from '../rows-by-week.ts';
import { missingValues, type MissingValues } from './missing-values.ts';
import { regressionDefaults, type RegressionDefaults } from './regression-defaults.ts';
import { regressionErrors, type RegressionErrors } from './regression-errors.ts';
import { regressionQuality, type RegressionQuality } from './regression-quality.ts';
import { sampleOf, type CleanSample } from './clean-sample.ts';
import { numbersOf, selectRows, type Category, type Column, type Table } from './drift-table.ts';
import type { TestChoice } from './test-choice.ts';

/** Represents the column names of the true value and its prediction. */
export interface Roles {
  readonly target: string;
  readonly prediction: string;
}

/** Names are Evidently's. */
export interface RegressionComparison {
  readonly current: RegressionQuality;
  readonly reference: RegressionQuality;
  /** Number of rows of current. */
  readonly defaults: RegressionDefaults;
  readonly error_normality_current: ErrorNormality;
  /** Bias by column, without target and prediction. */
  readonly error_bias: Readonly<Record<string, ErrorBias>>;
}

export interface Comparison {
  /** Regression quality of constant predictions on reference. */
  readonly columns: Readonly<Record<string, ColumnDrift>>;
  readonly dataset_drift: DatasetDrift;
  readonly missing: { readonly current: MissingValues; readonly reference: MissingValues };
  readonly findings: readonly Finding[];
  /** Absent if target and prediction are not named, or current lacks one. */
  readonly regression?: RegressionComparison;
}

export interface WeekComparison extends Comparison {
  readonly week: string;
  /** First and last date with rows. */
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

interface ReferenceQuality {
  readonly quality: RegressionQuality;
  readonly biases: ColumnBiases;
}

/** Prepares a reference once, to compare it with any number of currents. */
export class Reference {
  readonly #table: Table;
  readonly #samples = new Map<string, CleanSample>();
  readonly #missing: MissingValues;
  readonly #quality: ReferenceQuality | undefined;
  readonly #roles: Roles | undefined;
  readonly #choice: TestChoice;

  /** @throws CitibikeError INVALID_INPUT when reference is empty or lacks the target or prediction. */
  constructor(table: Table, roles?: Roles, choice: TestChoice = {}) {
    if (table.rows === 0) {
      throw new CitibikeError(
        'INVALID_INPUT',
        'reference has no rows, expected at least one: choose months with data',
      );
    }
    this.#table = table;
    this.#missing = missingValues(table);
    this.#roles = roles;
    this.#choice = choice;
    if (roles) {
      const errors = errorsOf(table, roles);
      this.#quality = { quality: regressionQuality(errors), biases: biasesOf(table, errors, roles) };
    }
  }

  /**
   * Compares a table. `findings` report problems of current.
   * @param keep keeps the sorted columns of reference for the next comparison. Otherwise one column at a time is in memory.
   * @throws CitibikeError INVALID_INPUT for an unknown test, or a test that does not accept a column's type.
   */
  compare(current: Table, keep = true): Comparison {
    const columns: Record<string, ColumnDrift> = {};
    const newColumns = [...current.columns.keys()].filter((name) => !this.#table.columns.has(name));
    const findings = tableFindings(current, newColumns);
    for (const [name, before] of this.#table.columns) {
      const after = current.columns.get(name);
      if (!after) {
        columns[name] = notCompared(before.type, 'column is not in current');
        findings.push({ kind: 'column_gone', column: name, text: 'is in reference, but not in current' });
        continue;
      }
      const [reference, sample] = [this.#sampleOf(name, before, keep), sampleOf(after)];
      const drift = columnDrift(name, reference, sample, this.#choice);
      columns[name] = drift;
      const infinite = [infinities(before, reference), infinities(after, sample)] as const;
      findings.push(...columnFindings(name, reference, sample, drift, infinite));
    }
    const regression = this.#regressionOf(current);
    return {
      columns,
      dataset_drift: datasetDrift(columns),
      missing: { current: missingValues(current), reference: this.#missing },
      findings,
      regression,
    };
  }

  /** Compares each ISO week. @param dates one date per row of `current`. */
  compareWeeks(current: Table, dates: readonly string[]): WeekComparison[] {
    return rowsByWeek(dates).map(({ week, from, to, rows }) => ({
      week,
      from,
      to,
      rows: rows.length,
      ...this.compare(selectRows(current, rows)),
    }));
  }

  /** Reference is sorted once for all weeks. */
  #sampleOf(name: string, column: Column, keep: boolean): CleanSample {
    const sample = this.#samples.get(name) ?? sampleOf(column);
    if (keep) this.#samples.set(name, sample);
    return sample;
  }

  #regressionOf(current: Table): RegressionComparison | undefined {
    if (!this.#roles || !this.#quality) return undefined;
    const { target, prediction } = this.#roles;
    if (current.columns.get(target)?.type !== 'num' || current.columns.get(prediction)?.type !== 'num') {
      return undefined;
    }
    const errors = errorsOf(current, this.#roles);
    return {
      current: regressionQuality(errors),
      reference: this.#quality.quality,
      defaults: regressionDefaults(errors),
      error_normality_current: errorNormality(errors),
      error_bias: errorBias(biasesOf(current, errors, this.#roles), this.#quality.biases),
    };
  }
}

function errorsOf(table: Table, { target, prediction }: Roles): RegressionErrors {
  return regressionErrors(numbersOf(table, target), numbersOf(table, prediction));
}

function biasesOf(table: Table, errors: RegressionErrors, { target, prediction }: Roles): ColumnBiases {
  return columnBiases(table, errors, [target, prediction]);
}

function infinities(column: Column, sample: CleanSample): number {
  // A few categories or a count suffice for most columns, which avoids a pass over all rows.
  const categories = column.type === 'cat' ? column.categories : undefined;
  const nowhere = categories ? !categories.some(isInfinite) : sample.size === column.values.length;
  if (nowhere) return 0;
  let count = 0;
  for (const value of column.values) if (isInfinite(value)) count += 1;
  return count;
}

function isInfinite(value: Category | null): boolean {
  return value === Infinity || value === -Infinity;
}
