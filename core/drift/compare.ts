/** Reference against current: every number Evidently's report has, for the whole of current and for each ISO week. */
import { CitibikeError } from '../../contracts/errors.ts';
import { columnDrift, type ColumnDrift, type TestChoice } from './column-drift.ts';
import { datasetDrift, type DatasetDrift } from './dataset-drift.ts';
import { splitByWeek } from './iso-weeks.ts';
import { missingValues, type MissingValues } from './missing-values.ts';
import { regressionQuality, type RegressionQuality } from './regression-quality.ts';
import { sampleOf, type CleanSample } from './sample.ts';
import { numbersOf, selectRows, type Table } from './table.ts';

/** Column names of the true value and its prediction. */
export interface Roles {
  readonly target: string;
  readonly prediction: string;
}

export interface Comparison {
  readonly columns: Readonly<Record<string, ColumnDrift>>;
  readonly dataset_drift: DatasetDrift;
  readonly missing: { readonly current: MissingValues; readonly reference: MissingValues };
  /** Absent where no target and prediction were named. */
  readonly regression?: { readonly current: RegressionQuality; readonly reference: RegressionQuality };
}

export interface WeekComparison extends Comparison {
  readonly week: string;
  /** First and last date present. */
  readonly from: string;
  readonly to: string;
  readonly rows: number;
}

/** A reference worked out once, to compare any number of currents with. */
export class Reference {
  readonly #samples: ReadonlyMap<string, CleanSample>;
  readonly #missing: MissingValues;
  readonly #quality: RegressionQuality | undefined;
  readonly #roles: Roles | undefined;
  readonly #choice: TestChoice;

  /** @throws CitibikeError INVALID_INPUT when it is empty or lacks the target or prediction. */
  constructor(table: Table, roles?: Roles, choice: TestChoice = {}) {
    if (table.rows === 0) throw new CitibikeError('INVALID_INPUT', 'reference has no rows');
    this.#samples = new Map([...table.columns].map(([name, column]) => [name, sampleOf(column)]));
    this.#missing = missingValues(table);
    this.#quality = roles && qualityOf(table, roles);
    this.#roles = roles;
    this.#choice = choice;
  }

  /** @throws CitibikeError INVALID_INPUT when the columns are not those of the reference. */
  compare(current: Table): Comparison {
    const columns: Record<string, ColumnDrift> = {};
    for (const [name, reference] of this.#samples) {
      const column = current.columns.get(name);
      if (!column) {
        throw new CitibikeError(
          'INVALID_INPUT',
          `column ${JSON.stringify(name)} of reference is not in current`,
        );
      }
      columns[name] = columnDrift(name, reference, sampleOf(column), this.#choice);
    }
    return {
      columns,
      dataset_drift: datasetDrift(columns),
      missing: { current: missingValues(current), reference: this.#missing },
      ...(this.#roles && this.#quality
        ? { regression: { current: qualityOf(current, this.#roles), reference: this.#quality } }
        : {}),
    };
  }

  /** One comparison an ISO week. @param dates one a row of `current`. */
  compareWeeks(current: Table, dates: readonly string[]): WeekComparison[] {
    return splitByWeek(dates).map(({ week, from, to, rows }) => ({
      week,
      from,
      to,
      rows: rows.length,
      ...this.compare(selectRows(current, rows)),
    }));
  }
}

function qualityOf(table: Table, roles: Roles): RegressionQuality {
  return regressionQuality(numbersOf(table, roles.target), numbersOf(table, roles.prediction));
}
