import { expect, test } from 'vitest';
import { backtestHours, poolMonths, withLeads } from '../../../core/evaluation/backtest-hours.ts';
import { contract } from '../../../contracts/workflows/backtest.ts';
import type { ServingModel } from '../../../core/serving/serving-model.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';
import { backtestPage } from '../../../core/evaluation/backtest-page.ts';
import type { BacktestHours } from '../../../contracts/activities/backtest.ts';

const TRAINED_ON = { from: '2024-01', to: '2024-01' };

function hoursOf(month: string, errors: readonly number[]): BacktestHours {
  return {
    schemaVersion: 1,
    month,
    trainedOn: TRAINED_ON,
    date: errors.map(() => `${month}-01`),
    hour: errors.map((_, hour) => hour),
    actual: errors.map((_, hour) => 100 + hour),
    prediction: errors.map((error, hour) => 100 + hour + error),
    lower: errors.map((_, hour) => 95 + hour),
    upper: errors.map((_, hour) => 105 + hour),
    naive: errors.map((_, hour) => 110 + hour),
  };
}

test('every hour has the same weight: three hours off by 2 and one by 4 give √7, not the mean of 2 and 4', () => {
  const pooled = poolMonths([hoursOf('2024-03', [2, -2, 2]), hoursOf('2024-04', [4])], 1);
  expect(pooled.months.map(({ metrics }) => metrics.rmse)).toEqual([2, 4]);
  expect(pooled.metrics.rmse).toBeCloseTo(Math.sqrt((3 * 4 + 16) / 4), 12);
  expect(pooled.metrics).toMatchObject({ rows: 4, mae: 2.5, bias: 1.5, coverage: 1, width: 10 });
  expect(pooled.naive).toMatchObject({ rows: 4, mae: 10 });
});

test('the result names how late archives are and that weather is observed', () => {
  const pooled = poolMonths([hoursOf('2024-03', [2]), hoursOf('2024-04', [4])], 1);
  const { summary, facts } = contract.outcome!({ ...pooled, system: 'nyc' }, {});
  expect(summary).toMatch(/^Predicted 2 months of nyc with RMSE 3\.2 trips\/h; the naive forecast has /);
  expect(facts).toEqual(
    expect.arrayContaining([
      { name: 'late months', value: '1' },
      { name: 'weather', value: expect.stringMatching(/^as observed/) as string },
      { name: 'RMSE by month', value: '2024-03 2, 2024-04 4' },
    ]),
  );
});

test('forecast weather is scored by lead day, beside observed weather; months and all hours are of lead day 1', () => {
  const observed = hoursOf('2024-03', [1, -1]);
  const leads = [1, 2].map((leadDay) => ({
    leadDay,
    prediction: observed.actual.map((actual) => actual + 2 * leadDay),
    lower: observed.actual.map((actual) => actual - 1),
    upper: observed.actual.map((actual) => actual + 5),
  }));
  const hours = withLeads(observed, { leads, forecasts: { archived: 1, drawn: 3 } });
  const pooled = poolMonths([hours], 1, { refit: 'never', level: 'on' });
  expect(pooled.metrics).toMatchObject({ rmse: 2, bias: 2, coverage: 1, width: 6 });
  expect(pooled.months[0]!.metrics.rmse).toBe(2);
  expect(pooled.leads!.map(({ leadDay, metrics }) => [leadDay, metrics.rmse])).toEqual([
    [1, 2],
    [2, 4],
  ]);
  expect(pooled.observed!.rmse).toBe(1);
  expect(pooled).toMatchObject({ refit: 'never', level: 'on', forecasts: { archived: 1, drawn: 3 } });
  const { facts } = contract.outcome!({ ...pooled, system: 'nyc' }, {});
  expect(facts).toEqual(
    expect.arrayContaining([
      { name: 'weather', value: expect.stringContaining('1 of 4 forecasts of a day are archived') as string },
      { name: 'RMSE by lead day', value: '1: 2, 2: 4' },
    ]),
  );
  const page = backtestPage({ ...pooled, system: 'nyc', synthetic: false }, [hours]);
  for (const part of ['lead day 2', 'observed weather', '1 of 4 forecasts', 'One model of'])
    expect(page).toContain(part);
});

test('a result with defaults has the fields that it always had', () => {
  const pooled = poolMonths([hoursOf('2024-03', [2])], 1);
  expect(Object.keys(pooled)).toEqual(['metrics', 'naive', 'months', 'lateMonths', 'weather']);
});

test('a model that was fitted on the predicted month, or on another span, is rejected', () => {
  const rows = madeUpFrame(24 * 62);
  const [train, later] = [rows.slice(0, 24 * 31), rows.slice(24 * 31, 24 * 60)];
  const model = { spec: { trainedOn: { from: '2024-01', to: '2024-02' } } } as ServingModel;
  const month = { month: '2024-02', trainedOn: TRAINED_ON };
  expect(() => backtestHours(month, model, train, later)).toThrow('got one of 2024-01 to 2024-02');
  const honest = { spec: { trainedOn: TRAINED_ON } } as unknown as ServingModel;
  expect(() => backtestHours(month, honest, rows, later)).toThrow('with training hours of 2024-02-01');
  expect(() => backtestHours(month, honest, train, train)).toThrow('and hours of 2024-01-01 to predict');
});
