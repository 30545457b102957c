import { describe, expect, test } from 'vitest';
import { addMonths, daysOf, monthsOf } from '../../../contracts/calendar.ts';

describe('months', () => {
  test('adding months crosses the year in both directions', () => {
    expect(addMonths('2024-12', 1)).toBe('2025-01');
    expect(addMonths('2025-01', -1)).toBe('2024-12');
    expect(addMonths('2025-03', -12)).toBe('2024-03');
  });

  test('a span includes both its ends', () => {
    expect(monthsOf({ from: '2024-11', to: '2025-02' })).toEqual([
      '2024-11',
      '2024-12',
      '2025-01',
      '2025-02',
    ]);
    expect(monthsOf({ from: '2024-05', to: '2024-05' })).toEqual(['2024-05']);
  });

  test('a span that ends before it starts is empty', () => {
    expect(monthsOf({ from: '2024-02', to: '2024-01' })).toEqual([]);
  });

  test('the last day respects leap years', () => {
    expect(daysOf({ from: '2024-01', to: '2024-02' })).toEqual({
      firstDay: '2024-01-01',
      lastDay: '2024-02-29',
    });
    expect(daysOf({ from: '2025-02', to: '2025-02' }).lastDay).toBe('2025-02-28');
  });
});
