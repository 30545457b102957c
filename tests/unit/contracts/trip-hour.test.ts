import { expect, test } from 'vitest';
import { tripHour } from '../../../contracts/trip-hour.ts';

test.each([
  ['2025-01-15T08:59', { date: '2025-01-15', hour: 8 }],
  ['2024-02-29T23:00:00', { date: '2024-02-29', hour: 23 }],
])('%s is an hour', (text, expected) => {
  expect(tripHour(text)).toEqual(expected);
});

test.each([
  ['2025-02-29T08:00', /a day that is in the calendar/],
  ['2025-01-15T24:00', /a time of day/],
  // Clocks changed from 01:59 to 03:00 on 9 March 2025.
  ['2025-03-09T02:30', /an hour that exists/],
  ['1999-01-15T08:00', /a year from 2013/],
])('%s is not an hour', (text, why) => {
  expect(tripHour(text)).toMatch(why);
});
