/** Compares with the almanac: US Naval Observatory, "Sun or Moon Rise/Set Table for One Year". */
import { describe, expect, test } from 'vitest';
import { epochDayOf } from '../../../contracts/calendar.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { dayLength, isNight, solarElevation } from '../../../core/features/sun.ts';
import { CHICAGO, HONOLULU } from '../../fixtures/places.ts';

const clock = (time: string): number => Number(time.slice(0, 2)) + Number(time.slice(3)) / 60;

/** Lists sunrise and sunset in wall-clock time. */
const ALMANAC = [
  [FORMER_PLACE, '2024-06-20', '05:25', '20:31'],
  [FORMER_PLACE, '2024-12-21', '07:17', '16:32'],
  [FORMER_PLACE, '2024-07-04', '05:29', '20:30'],
  [FORMER_PLACE, '2025-01-01', '07:20', '16:39'],
  [CHICAGO, '2024-06-20', '05:16', '20:29'],
  [CHICAGO, '2024-12-21', '07:15', '16:23'],
  [HONOLULU, '2024-06-20', '05:50', '19:16'],
  [HONOLULU, '2024-12-21', '07:05', '17:55'],
] as const;

describe.each(ALMANAC)('%o on %s', (place, date, sunrise, sunset) => {
  const day = epochDayOf(date);

  test('the day is as long as in the almanac, to three minutes', () => {
    expect(Math.abs(dayLength(place, day) - (clock(sunset) - clock(sunrise))) * 60).toBeLessThan(3);
  });

  test('it is night until ten minutes before sunrise, and from ten minutes after sunset on', () => {
    const margin = 1 / 6;
    expect(isNight(place, day, clock(sunrise) - margin)).toBe(true);
    expect(isNight(place, day, clock(sunrise) + margin)).toBe(false);
    expect(isNight(place, day, clock(sunset) - margin)).toBe(false);
    expect(isNight(place, day, clock(sunset) + margin)).toBe(true);
  });

  // At sunrise and sunset the sun's centre is 0.833° below the horizon and moves 0.18° per minute.
  test.each([sunrise, sunset])('at %s the sun is at the horizon', (time) => {
    expect(Math.abs(solarElevation(place, day, clock(time)) + 0.833)).toBeLessThan(0.5);
  });
});

test('noon elevation at the solstices is 90° − latitude ± 23.44°', () => {
  expect(
    Math.abs(solarElevation(FORMER_PLACE, epochDayOf('2024-06-20'), clock('12:58')) - 72.73),
  ).toBeLessThan(0.2);
  expect(
    Math.abs(solarElevation(FORMER_PLACE, epochDayOf('2024-12-21'), clock('11:54')) - 25.85),
  ).toBeLessThan(0.2);
});
