/**
 * Compares whole reports with Evidently 0.4.22 and 0.7.23: chosen tests, scores, decisions on drift, missing values,
 * regression quality.
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Reference, type Comparison } from '../../../core/drift/evidently/compare.ts';
import { selectRows, type Column, type Table } from '../../../core/drift/evidently/drift-table.ts';
import {
  expectClose,
  goldenPath,
  readGolden,
  tellTally,
  NO_GOLDEN,
  thereIsGolden,
  type GoldenNumber,
} from './golden.ts';
import { orSkip } from '../../or-skip.ts';

interface GoldenColumn {
  readonly type: 'num' | 'cat';
  readonly stattest: string;
  readonly threshold: number;
  readonly drift_score: GoldenNumber;
  readonly drift_detected: boolean;
}
type Numbers = { readonly [name: string]: GoldenNumber | string[] | Numbers | null };
interface GoldenComparison {
  readonly columns: Record<string, GoldenColumn>;
  readonly dataset_drift: Record<string, number | boolean>;
  /** The weeks omit the reference, which is the same each time. */
  readonly missing: { readonly current: Numbers; readonly reference?: Numbers };
  readonly regression: Numbers;
}
interface GoldenDrift {
  readonly frame_columns: string[];
  readonly whole: GoldenComparison;
  readonly whole_holiday_categorical: GoldenComparison;
  readonly weeks: Record<string, GoldenComparison>;
  readonly small_reference: { readonly weeks: Record<string, GoldenComparison> };
}

/** Compares every number of `golden` with the number at the same place in `got`. */
function expectNumbers(what: string, got: unknown, golden: Numbers): void {
  for (const [name, value] of Object.entries(golden)) {
    const mine = (got as Record<string, unknown>)[name];
    const isText = Array.isArray(value) || value === null || name === 'feature_type';
    if (isText) expect(mine, `${what}.${name}`).toEqual(value);
    else if (typeof value === 'object') expectNumbers(`${what}.${name}`, mine, value);
    else expectClose(`${what}.${name}`, mine as number | null, value, 'distance');
  }
}

const kindOfLabel = (label: string) => (label.endsWith('p_value') ? 'pValue' : 'distance');

function expectSame(what: string, got: Comparison, golden: GoldenComparison): void {
  expect(Object.keys(got.columns), what).toEqual(Object.keys(golden.columns));
  for (const [name, column] of Object.entries(golden.columns)) {
    const mine = got.columns[name]!;
    expect({ ...mine, drift_score: 0 }, `${what} ${name}`).toMatchObject({ ...column, drift_score: 0 });
    expectClose(`${what} ${name}`, mine.drift_score, column.drift_score, kindOfLabel(column.stattest));
  }
  expect(got.dataset_drift, what).toEqual(golden.dataset_drift);
  for (const side of ['reference', 'current'] as const) {
    expectNumbers(`${what} missing ${side}`, got.missing[side], golden.missing[side] ?? {});
  }
  // The numbers cover both spans, the score of a constant, normality of the errors, and their bias by listed column.
  expectNumbers(`${what} regression`, got.regression, golden.regression);
}

interface Csv {
  readonly table: Table;
  readonly dates: string[];
  readonly isoWeeks: number[];
}

function readCsv(name: string, columns: readonly string[], categorical: readonly string[] = []): Csv {
  const [header, ...lines] = readFileSync(goldenPath(name), 'utf8').trimEnd().split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  const at = (column: string) => header!.split(',').indexOf(column);
  const numbers = (column: string) =>
    Float64Array.from(cells, (row) => (row[at(column)] === '' ? NaN : Number(row[at(column)])));
  const entries = columns.map((column): [string, Column] => [
    column,
    categorical.includes(column)
      ? { type: 'cat', values: [...numbers(column)] }
      : { type: 'num', values: numbers(column) },
  ]);
  return {
    table: { rows: cells.length, columns: new Map(entries) },
    dates: cells.map((row) => row[at('date')]!),
    isoWeeks: [...numbers('iso_week')],
  };
}

const ROLES = { target: 'trips', prediction: 'prediction' };
const drift = thereIsGolden ? readGolden<GoldenDrift>('drift-evidently-0.4.22.json') : (undefined as never);
const files = (categorical: string[] = []) => ({
  reference: readCsv('reference.csv', drift.frame_columns, categorical),
  current: readCsv('current.csv', drift.frame_columns, categorical),
});

afterAll(() => {
  if (thereIsGolden) tellTally('golden reports');
});

describe.skipIf(!thereIsGolden)(orSkip('the report of Evidently 0.4.22', !thereIsGolden && NO_GOLDEN), () => {
  it('is matched for the whole quarter', () => {
    const { reference, current } = files();
    expectSame('whole', new Reference(reference.table, ROLES).compare(current.table), drift.whole);
  });

  it('is matched with a categorical column', () => {
    const { reference, current } = files(['holiday']);
    const got = new Reference(reference.table, ROLES).compare(current.table);
    expectSame('whole', got, drift.whole_holiday_categorical);
  });

  it('is matched for every golden ISO week, of 14', () => {
    const { reference, current } = files();
    const weeks = new Reference(reference.table, ROLES).compareWeeks(current.table, current.dates);
    expect(weeks).toHaveLength(14);
    for (const [week, expected] of Object.entries(drift.weeks)) {
      expectSame(
        week,
        weeks.find((entry) => entry.week === week)!,
        expected,
      );
    }
  });

  it('is matched with a reference of at most 1,000 rows, which uses p-values', () => {
    const { reference, current } = files(['holiday']);
    const rows = [...reference.isoWeeks.keys()].filter((row) => reference.isoWeeks[row]! <= 4);
    const small = new Reference(selectRows(reference.table, rows), ROLES);
    const weeks = small.compareWeeks(current.table, current.dates);
    for (const [week, expected] of Object.entries(drift.small_reference.weeks)) {
      expectSame(
        week,
        weeks.find((entry) => entry.week === week)!,
        expected,
      );
    }
  });
});

interface Metric {
  readonly name: string;
  readonly value: GoldenNumber | Readonly<Record<string, GoldenNumber>>;
  readonly config: { readonly column?: string; readonly method?: string; readonly threshold?: number };
}
interface GoldenMetrics {
  readonly whole: Metric[];
  readonly whole_holiday_categorical: Metric[];
  readonly weeks: Record<string, Metric[]>;
}

/** Maps each metric of the newer version, by the start of its name, to the product's. */
const METRICS: readonly (readonly [
  string,
  (got: Comparison) => number | null | Record<string, number | null>,
])[] = [
  [
    'DriftedColumnsCount',
    ({ dataset_drift: d }) => ({ count: d.number_of_drifted_columns, share: d.share_of_drifted_columns }),
  ],
  [
    'DatasetMissingValueCount',
    // The newer version divides by the number of rows, not of values.
    ({ missing: { current } }) => ({
      count: current.number_of_missing_values,
      share: current.number_of_missing_values / current.number_of_rows,
    }),
  ],
  [
    'MeanError',
    ({ regression }) => ({ mean: regression!.current.mean_error, std: regression!.current.error_std }),
  ],
  [
    'MAE',
    ({ regression }) => ({
      mean: regression!.current.mean_abs_error,
      std: regression!.current.abs_error_std,
    }),
  ],
  [
    'MAPE',
    ({ regression }) => ({
      mean: regression!.current.mean_abs_perc_error,
      std: regression!.current.abs_perc_error_std,
    }),
  ],
  ['RMSE', ({ regression }) => regression!.current.rmse],
  ['R2Score', ({ regression }) => regression!.current.r2_score],
  ['AbsMaxError', ({ regression }) => regression!.current.abs_error_max],
];

function expectMetrics(what: string, got: Comparison, metrics: readonly Metric[]): void {
  for (const { name, value, config } of metrics) {
    if (name.startsWith('ValueDrift(')) {
      const mine = got.columns[config.column!]!;
      expect({ method: mine.stattest, threshold: mine.threshold }, `${what} ${name}`).toEqual({
        method: config.method,
        threshold: config.threshold,
      });
      expectClose(`${what} ${name}`, mine.drift_score, value as GoldenNumber, kindOfLabel(config.method!));
      continue;
    }
    const [, pick] = METRICS.find(([start]) => name.startsWith(`${start}(`))!;
    const mine = pick(got);
    if (typeof value !== 'object') expectClose(`${what} ${name}`, mine as number, value, 'distance');
    else expectNumbers(`${what} ${name}`, mine, value);
  }
}

describe.skipIf(!thereIsGolden)(orSkip('the report of Evidently 0.7.23', !thereIsGolden && NO_GOLDEN), () => {
  const golden = thereIsGolden
    ? readGolden<GoldenMetrics>('drift-evidently-0.7.23.json')
    : (undefined as never);
  const engine = (categorical: string[] = []) => {
    const { reference, current } = files(categorical);
    return { current, reference: new Reference(reference.table, ROLES, { evidently: '0.7' }) };
  };

  it('is matched for the whole quarter, also with a categorical column', () => {
    const plain = engine();
    expectMetrics('whole', plain.reference.compare(plain.current.table), golden.whole);
    const named = engine(['holiday']);
    const got = named.reference.compare(named.current.table);
    expectMetrics('whole, holiday categorical', got, golden.whole_holiday_categorical);
  });

  it('is matched for every golden ISO week', () => {
    const { reference, current } = engine();
    const weeks = reference.compareWeeks(current.table, current.dates);
    for (const [week, metrics] of Object.entries(golden.weeks)) {
      expectMetrics(
        week,
        weeks.find((entry) => entry.week === week)!,
        metrics,
      );
    }
  });
});
