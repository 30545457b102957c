import { expect, test } from 'vitest';
import { backtestMonths, monthsOfLevel } from '../../../contracts/workflows/backtest.ts';
import { BacktestInput } from '../../../contracts/workflows/backtest.ts';
import { parseInput } from '../../../contracts/parse-input.ts';

const monthsFor = (input: object) => backtestMonths(parseInput('backtest', BacktestInput, input));

test('a month is predicted from months up to two before it, because the month before is not yet published', () => {
  expect(monthsFor({ from: '2025-01', to: '2025-02' })).toEqual([
    { month: '2025-01', trainedOn: { from: '2024-01', to: '2024-11' } },
    { month: '2025-02', trainedOn: { from: '2024-01', to: '2024-12' } },
  ]);
});

test('with archives that are never late, the month before is trained on', () => {
  expect(monthsFor({ from: '2025-01', to: '2025-01', lateMonths: 0 })).toEqual([
    { month: '2025-01', trainedOn: { from: '2024-01', to: '2024-12' } },
  ]);
});

test('a window keeps the newest months, and never reaches before trainFrom', () => {
  const input = { from: '2025-01', to: '2025-03', trainFrom: '2024-06', window: 6 };
  expect(monthsFor(input).map(({ trainedOn }) => trainedOn)).toEqual([
    { from: '2024-06', to: '2024-11' },
    { from: '2024-07', to: '2024-12' },
    { from: '2024-08', to: '2025-01' },
  ]);
});

test('a month without training months is rejected by name', () => {
  const input = { from: '2025-01', to: '2025-01', trainFrom: '2024-12' };
  expect(() => monthsFor(input)).toThrow(
    'trainFrom: got 2024-12, expected 2024-11 or earlier: 2025-01 is predicted from months up to 2024-11',
  );
});

test('more than two years in one run are rejected', () => {
  expect(() => monthsFor({ from: '2023-01', to: '2025-01' })).toThrow('expected at most 24');
});

test('a backtest that never refits trains one model on all months before the first', () => {
  expect(monthsFor({ from: '2025-01', to: '2025-03', trainFrom: '2024-01', refit: 'never' })).toEqual(
    ['2025-01', '2025-02', '2025-03'].map((month) => ({
      month,
      trainedOn: { from: '2024-01', to: '2024-12' },
    })),
  );
});

test('the level of a month knows the months after the training that are published when it begins', () => {
  const trainedOn = { from: '2024-01', to: '2024-12' };
  const levelOf = (month: string, lateMonths: number) => monthsOfLevel({ month, trainedOn }, { lateMonths });
  expect(levelOf('2025-02', 1)).toBeNull();
  expect(levelOf('2025-02', 0)).toEqual({ from: '2025-01', to: '2025-01' });
  expect(levelOf('2025-04', 1)).toEqual({ from: '2025-01', to: '2025-02' });
});
