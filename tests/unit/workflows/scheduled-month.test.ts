import { expect, test } from 'vitest';
import { monthInNewYork } from '../../../workflows/scheduled-month.ts';

test('the first hours of a month in UTC are still the last month in New York', () => {
  expect(monthInNewYork(new Date('2025-02-01T03:00:00Z'))).toBe('2025-01');
  expect(monthInNewYork(new Date('2025-02-01T05:00:00Z'))).toBe('2025-02');
  // Daylight saving: New York is four hours behind.
  expect(monthInNewYork(new Date('2025-07-01T03:59:00Z'))).toBe('2025-06');
  expect(monthInNewYork(new Date('2025-07-01T04:00:00Z'))).toBe('2025-07');
});
