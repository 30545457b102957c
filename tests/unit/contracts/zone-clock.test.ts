import { describe, expect, it, test } from 'vitest';
import { epochDay, epochDayOf, nthWeekday, dateOfEpochDay } from '../../../contracts/calendar.ts';
import { zoneClock } from '../../../contracts/zone-clock.ts';

const newYork = zoneClock('America/New_York');
const SUNDAY = 6;
const YEARS = Array.from({ length: 2030 - 2013 + 1 }, (_, i) => 2013 + i);

describe('the clock of New York', () => {
  it('has the offsets of the Energy Policy Act of 2005 in every half hour of 2013 to 2030', () => {
    const wrong: string[] = [];
    for (const year of YEARS) {
      const [starts, ends] = [nthWeekday(year, 3, 2, SUNDAY), nthWeekday(year, 11, 1, SUNDAY)];
      for (let day = epochDay(year, 1, 1); day < epochDay(year + 1, 1, 1); day++) {
        for (let hour = 0; hour <= 24; hour += 0.5) {
          const summer = day * 24 + hour >= starts * 24 + 2 && day * 24 + hour < ends * 24 + 2;
          if (newYork.offsetAt(day, hour) !== (summer ? -4 : -5))
            wrong.push(`${dateOfEpochDay(day)} ${hour}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('skips 02:00 on the second Sunday of March, and repeats 01:00 on the first of November', () => {
    for (const year of YEARS) {
      expect(newYork.skippedIn(year)).toEqual([
        { date: dateOfEpochDay(nthWeekday(year, 3, 2, SUNDAY)), hour: 2 },
      ]);
      expect(newYork.repeatedIn(year)).toEqual([
        { date: dateOfEpochDay(nthWeekday(year, 11, 1, SUNDAY)), hour: 1 },
      ]);
    }
  });
});

test.each([
  ['America/Chicago', -6, '2025-03-09T2', '2025-11-02T1'],
  ['America/Los_Angeles', -8, '2025-03-09T2', '2025-11-02T1'],
  ['America/Phoenix', -7, '', ''],
  ['Pacific/Honolulu', -10, '', ''],
  ['America/Mexico_City', -6, '', ''],
  ['Europe/London', 0, '2025-03-30T1', '2025-10-26T1'],
  ['Australia/Sydney', 11, '2025-10-05T2', '2025-04-06T2'],
  // Lord Howe Island moves its clock by half an hour, so no whole hour is skipped.
  ['Australia/Lord_Howe', 11, '', '2025-04-06T1'],
  ['Asia/Kathmandu', 5.75, '', ''],
])('%s has offset %f in January and changes its clock at %s and %s', (zone, january, skipped, repeated) => {
  const clock = zoneClock(zone);
  const text = (hours: readonly { date: string; hour: number }[]) =>
    hours.map(({ date, hour }) => `${date}T${hour}`).join();
  expect(clock.offsetAt(epochDayOf('2025-01-15'), 12)).toBe(january);
  expect([text(clock.skippedIn(2025)), text(clock.repeatedIn(2025))]).toEqual([skipped, repeated]);
});

test('a month begins at midnight of the zone', () => {
  const instant = new Date('2025-02-01T05:30:00Z');
  expect(newYork.monthAt(instant)).toBe('2025-02');
  expect(zoneClock('America/Chicago').monthAt(instant)).toBe('2025-01');
});

test('a zone that the IANA database lacks is rejected', () => {
  expect(() => zoneClock('America/Gotham')).toThrow(RangeError);
});
