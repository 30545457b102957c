/** Compares with the almanac for New York, NY: US Naval Observatory, "Sun or Moon Rise/Set Table for One Year". */
import { describe, expect, test } from 'vitest';
import { epochDayOf, newYorkOffset } from '../../../contracts/calendar.ts';
import { dayLength, solarElevation } from '../../../core/features/sun.ts';

const clock = (time: string): number => Number(time.slice(0, 2)) + Number(time.slice(3)) / 60;

/** Sunrise and sunset in New York wall-clock time. */
const ALMANAC = [
  ['2024-06-20', '05:25', '20:31'],
  ['2024-12-21', '07:17', '16:32'],
  ['2024-07-04', '05:29', '20:30'],
  ['2025-01-01', '07:20', '16:39'],
] as const;

describe.each(ALMANAC)('%s', (date, sunrise, sunset) => {
  const day = epochDayOf(date);

  test('the day is as long as in the almanac, to three minutes', () => {
    expect(Math.abs(dayLength(day) - (clock(sunset) - clock(sunrise))) * 60).toBeLessThan(3);
  });

  // At sunrise and sunset the sun's centre is 0.833° below the horizon and moves 0.18° per minute.
  test.each([sunrise, sunset])('at %s the sun is at the horizon', (time) => {
    expect(Math.abs(solarElevation(day, clock(time)) + 0.833)).toBeLessThan(0.5);
  });
});

test('noon elevation at the solstices is 90° − latitude ± 23.44°', () => {
  expect(Math.abs(solarElevation(epochDayOf('2024-06-20'), clock('12:58')) - 72.73)).toBeLessThan(0.2);
  expect(Math.abs(solarElevation(epochDayOf('2024-12-21'), clock('11:54')) - 25.85)).toBeLessThan(0.2);
});

test('the clock changes on the second Sunday of March and the first of November, at two', () => {
  const at = (date: string, hour: number) => newYorkOffset(epochDayOf(date), hour);
  expect([at('2024-03-10', 1), at('2024-03-10', 3)]).toEqual([-5, -4]);
  expect([at('2024-11-03', 1), at('2024-11-03', 2)]).toEqual([-4, -5]);
  expect([at('2026-03-08', 1), at('2026-03-08', 3), at('2026-11-01', 2)]).toEqual([-5, -4, -5]);
});
