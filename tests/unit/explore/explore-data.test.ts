import { describe, expect, it } from 'vitest';
import type { WeatherDay } from '../../../contracts/frame.ts';
import type { HourRow } from '../../../contracts/hours.ts';
import { exploreHours, wholeMonths } from '../../../core/report/explore/explore-data.ts';

const row = (date: string, hour: number, trips: number, more: Partial<HourRow> = {}): HourRow => ({
  date,
  hour,
  trips,
  holiday: 0,
  member: null,
  casual: null,
  electric: null,
  classic: null,
  mean_minutes: null,
  ...more,
});
const weather = (date: string): WeatherDay => ({
  date,
  TMAX: 50,
  TMIN: 40,
  SNOW: 0,
  PRCP: 0.1,
  SNWD: 0,
  AWND: 5,
});

/** Dates are Friday 2024-07-05, Saturday 2024-07-06, Thursday 2024-07-04 (a holiday), Friday 2024-08-02. */
const hours = [
  row('2024-07-04', 8, 100, { holiday: 1 }),
  row('2024-07-05', 8, 200, { member: 150, casual: 50, electric: 20, classic: 180, mean_minutes: 10 }),
  row('2024-07-05', 9, 100, { member: 30, casual: 70, electric: 80, classic: 20, mean_minutes: 16 }),
  row('2024-07-06', 8, 60),
  row('2024-08-02', 8, 400),
];

describe('the summary of hours for the exploratory report', () => {
  const result = exploreHours(hours, [weather('2024-07-05')]);

  it('adds up the whole', () => {
    expect(result).toMatchObject({ from: '2024-07-04', to: '2024-08-02', hours: 5, trips: 860 });
  });

  it('sums months, with shares and durations of the rides that have them', () => {
    expect(result.months).toEqual([
      { month: '2024-07', trips: 460, days: 3, memberShare: 0.6, electricShare: 1 / 3, meanMinutes: 12 },
      { month: '2024-08', trips: 400, days: 1, memberShare: null, electricShare: null, meanMinutes: null },
    ]);
  });

  it('counts holidays as free days', () => {
    expect(result.workdays.trips[8]).toBe(300);
    expect(result.freeDays.trips[8]).toBe(80);
    expect(result.workdays.trips[10]).toBeNull();
  });

  it('averages days by weekday, Monday first', () => {
    expect(result.byWeekday).toEqual([null, null, null, 100, 350, 60, null]);
  });

  it('averages hours by weekday and hour', () => {
    expect(result.heat[4]?.[8]).toBe(300);
    expect(result.heat[4]?.[9]).toBe(100);
    expect(result.heat[0]?.[8]).toBeNull();
  });

  it('joins the weather of the day, and omits days without weather', () => {
    expect(result.days.map(({ date, weather: day }) => [date, day?.TMAX])).toEqual([
      ['2024-07-04', undefined],
      ['2024-07-05', 50],
      ['2024-07-06', undefined],
      ['2024-08-02', undefined],
    ]);
  });
});

describe('whole months', () => {
  it('omit a month of a few strays, and name it', () => {
    const april = Array.from({ length: 720 }, (_, i) =>
      row(`2024-04-${String(Math.floor(i / 24) + 1).padStart(2, '0')}`, i % 24, 1),
    );
    const { hours: kept, fragments } = wholeMonths([row('2024-03-31', 23, 5), ...april]);
    expect(kept).toEqual(april);
    expect(fragments).toEqual(['2024-03']);
  });
});
