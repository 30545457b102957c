import { describe, expect, test } from 'vitest';
import {
  dateOfEpochDay,
  dayOfYearOf,
  epochDayOf,
  isoWeekOf,
  monthOf,
  weekdayOf,
} from '../../../contracts/calendar.ts';
import { isBridgeDay, isChristmasWeek, isWorkday } from '../../../core/features/holidays.ts';

describe('epochDayOf', () => {
  test.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2000-03-01', 11_017],
    ['2024-02-29', 19_782],
  ])('%s is day %i', (date, day) => {
    expect(epochDayOf(date)).toBe(day);
    expect(dateOfEpochDay(day)).toBe(date);
  });

  test.each(['2024-02-30', '2023-02-29', '2024-1-1', '2024-01-01T00', 'yesterday', ''])(
    'rejects %j',
    (date) => {
      expect(() => epochDayOf(date)).toThrow(/date: got .*, expected a day as YYYY-MM-DD/);
    },
  );
});

/** Weeks and weekdays of the ISO 8601 standard's own examples and of a printed calendar. */
test.each([
  ['2024-12-30', 1, 0],
  ['2025-01-01', 1, 2],
  ['2021-01-01', 53, 4],
  ['2020-12-31', 53, 3],
  ['2023-01-01', 52, 6],
  ['2008-12-28', 52, 6],
  ['2010-01-03', 53, 6],
])('%s is in ISO week %i, weekday %i', (date, week, weekday) => {
  expect(isoWeekOf(epochDayOf(date))).toBe(week);
  expect(weekdayOf(epochDayOf(date))).toBe(weekday);
});

test('days of the year and months count from 1', () => {
  expect([dayOfYearOf(epochDayOf('2024-01-01')), dayOfYearOf(epochDayOf('2024-12-31'))]).toEqual([1, 366]);
  expect([monthOf(epochDayOf('2024-01-31')), monthOf(epochDayOf('2024-12-01'))]).toEqual([1, 12]);
});

test('a holiday and a weekend day are not workdays', () => {
  expect(isWorkday(epochDayOf('2024-07-04'), true)).toBe(false);
  expect(isWorkday(epochDayOf('2024-07-06'), false)).toBe(false);
  expect(isWorkday(epochDayOf('2024-07-08'), false)).toBe(true);
});

test('the Friday after Thanksgiving is a bridge day, the one before is not', () => {
  expect(isBridgeDay('us-federal', epochDayOf('2024-11-29'), false)).toBe(true);
  expect(isBridgeDay('us-federal', epochDayOf('2024-11-22'), false)).toBe(false);
});

test('a Monday before a holiday on Tuesday is a bridge day', () => {
  expect(isBridgeDay('us-federal', epochDayOf('2025-11-10'), false)).toBe(true);
});

test('Christmas week runs from 24 December to 1 January', () => {
  const inside = ['2024-12-23', '2024-12-24', '2024-12-31', '2025-01-01', '2025-01-02'];
  expect(inside.map((date) => isChristmasWeek(epochDayOf(date)))).toEqual([false, true, true, true, false]);
});
