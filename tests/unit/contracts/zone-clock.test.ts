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

test.each([
  ['America/New_York', '2025-01-15', 8, '2025-01-15T13:00:00.000Z'],
  // The first pass of a repeated hour, and the hour after its second pass.
  ['America/New_York', '2025-11-02', 1, '2025-11-02T05:00:00.000Z'],
  ['America/New_York', '2025-11-02', 2, '2025-11-02T07:00:00.000Z'],
  ['America/New_York', '2025-03-09', 2, '2025-03-09T07:00:00.000Z'],
  ['America/New_York', '2025-12-31', 24, '2026-01-01T05:00:00.000Z'],
  // Zones that skip midnight: the day begins at the change.
  ['America/Santiago', '2025-09-07', 0, '2025-09-07T04:00:00.000Z'],
  ['America/Santiago', '2025-09-06', 24, '2025-09-07T04:00:00.000Z'],
  ['America/Santiago', '2025-09-07', 1, '2025-09-07T04:00:00.000Z'],
  ['Asia/Beirut', '2025-03-30', 0, '2025-03-29T22:00:00.000Z'],
  ['America/Havana', '2025-03-09', 0, '2025-03-09T05:00:00.000Z'],
  // Zones that repeat the hour before or after midnight.
  ['America/Santiago', '2025-04-05', 23, '2025-04-06T02:00:00.000Z'],
  ['America/Santiago', '2025-04-06', 0, '2025-04-06T04:00:00.000Z'],
  ['America/Havana', '2025-11-02', 0, '2025-11-02T04:00:00.000Z'],
  ['America/Havana', '2025-11-02', 1, '2025-11-02T06:00:00.000Z'],
])('in %s, %s at %i:00 is %s', (zone, date, hour, instant) => {
  expect(new Date(zoneClock(zone).instantAt(epochDayOf(date), hour)).toISOString()).toBe(instant);
});

test('a month begins at midnight of the zone', () => {
  const instant = new Date('2025-02-01T05:30:00Z');
  expect(newYork.monthAt(instant)).toBe('2025-02');
  expect(zoneClock('America/Chicago').monthAt(instant)).toBe('2025-01');
});

test('a zone that the IANA database lacks is rejected', () => {
  expect(() => zoneClock('America/Gotham')).toThrow(RangeError);
});
