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
  // Clocks of New York changed from 01:59 to 03:00 on 9 March 2025.
  ['2025-03-09T02:30', /an hour that exists/],
  ['1999-01-15T08:00', /a year from 2013/],
])('%s is not an hour', (text, why) => {
  expect(tripHour(text, 'America/New_York')).toMatch(why);
});

test('an hour that one zone skips exists in others, and where the zone is not known', () => {
  const text = '2025-03-09T02:30';
  const hour = { date: '2025-03-09', hour: 2 };
  expect(tripHour(text, 'America/Chicago')).toMatch(/clocks in America\/Chicago skip 02:00 to 02:59/);
  expect([undefined, 'America/Phoenix', 'Europe/Paris'].map((zone) => tripHour(text, zone))).toEqual([
    hour,
    hour,
    hour,
  ]);
  expect(tripHour('2025-03-30T02:30', 'Europe/Paris')).toMatch(/an hour that exists/);
});
