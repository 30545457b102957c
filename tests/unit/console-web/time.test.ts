import { describe, expect, it } from 'vitest';
import { dayName, duration, nextHour, relativeTime, timeIn } from '../../../console/web/src/format/time.ts';

const NOW = Date.parse('2025-06-15T12:00:00Z');

describe('duration', () => {
  it.each([
    [412, '412 ms'],
    [8_400, '8.4 s'],
    [59_400, '59 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 05 min'],
    [273_600_000, '3 d 4 h'],
  ])('formats %d ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});

describe('relativeTime', () => {
  it.each([
    ['2025-06-15T11:59:58Z', 'just now'],
    ['2025-06-15T11:56:00Z', '4 min ago'],
    ['2025-06-15T15:00:00Z', 'in 3 h'],
    ['2025-06-03T12:00:00Z', '12 d ago'],
    ['2025-02-15T12:00:00Z', '4 months ago'],
  ])('formats %s as %s', (iso, text) => {
    expect(relativeTime(iso, NOW)).toBe(text);
  });
});

describe('times of a system', () => {
  it('names a day without a zone', () => {
    expect(dayName('2026-11-30')).toBe('Mon 30 Nov');
  });

  it('formats a time on the clock of the system, and names the zone', () => {
    expect(timeIn('America/New_York', '2026-11-30T03:05:00Z')).toBe('Sun 29 Nov, 22:05 GMT-5');
    expect(timeIn('America/New_York', '2026-07-01T03:05:00Z')).toBe('Tue 30 Jun, 23:05 GMT-4');
  });
});

describe('nextHour', () => {
  it.each([
    ['2026-11-30T01:05:00Z', 'America/New_York', '2026-11-29', 21],
    ['2026-11-30T04:59:59Z', 'America/New_York', '2026-11-30', 0],
    ['2026-12-31T23:30:00Z', 'UTC', '2027-01-01', 0],
    // The clock skips 02:00.
    ['2026-03-08T06:30:00Z', 'America/New_York', '2026-03-08', 3],
  ])('after %s in %s', (now, zone, date, hour) => {
    expect(nextHour(new Date(now), zone)).toEqual({ date, hour });
  });
});
