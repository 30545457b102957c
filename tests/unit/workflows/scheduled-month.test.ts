import { describe, expect, it, test } from 'vitest';
import { addMonths } from '../../../contracts/calendar.ts';
import { zoneClock } from '../../../contracts/zone-clock.ts';
import { weeksEndingIn } from '../../../workflows/scheduled-month.ts';

const newYork = zoneClock('America/New_York');

test('the first hours of a month in UTC are still the last month in New York', () => {
  expect(newYork.monthAt(new Date('2025-02-01T03:00:00Z'))).toBe('2025-01');
  expect(newYork.monthAt(new Date('2025-02-01T05:00:00Z'))).toBe('2025-02');
  // In daylight saving time New York is four hours behind UTC.
  expect(newYork.monthAt(new Date('2025-07-01T03:59:00Z'))).toBe('2025-06');
  expect(newYork.monthAt(new Date('2025-07-01T04:00:00Z'))).toBe('2025-07');
});

describe('the weeks that end in a month', () => {
  // Mondays and Sundays come from a printed calendar.
  it.each([
    ['begin in the year before', '2025-01', '2024-12-30', '2025-01-26'],
    ['leave the month’s last day to the next', '2025-03', '2025-02-24', '2025-03-30'],
    ['take a week whose Sunday is the first', '2024-09', '2024-08-26', '2024-09-29'],
    ['take a week whose Sunday is the last', '2025-08', '2025-07-28', '2025-08-31'],
  ])('%s', (_, month, from, to) => {
    expect(weeksEndingIn(month)).toEqual({ from, to });
  });

  it('continue those of the month before, without gap or overlap, for ten years', () => {
    for (let month = '2020-01'; month < '2030-01'; month = addMonths(month, 1)) {
      const dayAfter = Date.parse(weeksEndingIn(month).to) + 86_400_000;
      expect(Date.parse(weeksEndingIn(addMonths(month, 1)).from)).toBe(dayAfter);
    }
  });
});
