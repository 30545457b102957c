import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HourlyInput } from '../../../contracts/model.ts';
import { WEATHER_INPUTS, byColumn } from '../../../contracts/weather-columns.ts';
import { dateOfEpochDay, epochDayOf } from '../../../contracts/calendar.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { featureRow, featureSetOf, resolveHour } from '../../../core/features/feature-row.ts';

const IMPUTATION = { ...byColumn(WEATHER_INPUTS, () => 0), TMAX: 60, TMIN: 45, PRCP: 0.1, AWND: 10 };

function named(name: 'seed' | 'demand', input: HourlyInput): Record<string, number> {
  const set = featureSetOf(name, FORMER_PLACE);
  const row = featureRow(set, input, IMPUTATION);
  return Object.fromEntries(set.features.map((feature, i) => [feature, row[i]!]));
}

const anyHour = fc.record({
  date: fc.integer({ min: epochDayOf('2013-06-01'), max: epochDayOf('2040-12-31') }).map(dateOfEpochDay),
  hour: fc.integer({ min: 0, max: 23 }),
  weather: fc.record({
    TMAX: fc.option(fc.double({ min: -20, max: 110, noNaN: true })),
    PRCP: fc.option(fc.double({ min: 0, max: 12, noNaN: true })),
  }),
});

describe('seed', () => {
  test('equals a computation by hand for Monday 2024-01-01 at six', () => {
    const row = named('seed', { date: '2024-01-01', hour: 6, weather: { TMAX: 47, TMIN: 36, SNOW: 0.5 } });
    expect(Object.keys(row)).toHaveLength(12);
    expect(row).toMatchObject({ holiday: 1, TMAX: 47, TMIN: 36, SNOW: 0.5 });
    const cycles = [
      'hr_sin',
      'hr_cos',
      'weekday_sin',
      'weekday_cos',
      'week_sin',
      'week_cos',
      'mnth_sin',
      'mnth_cos',
    ];
    const expected = [1, 0, 0, 1, 0, 1, 0, 1]; // a quarter of the day, and the first step of every other cycle
    cycles.forEach((name, i) => expect(row[name]).toBeCloseTo(expected[i]!, 12));
  });

  test('equals a computation by hand for Sunday 2024-07-14 at noon', () => {
    const row = named('seed', { date: '2024-07-14', hour: 12, weather: {} });
    // Week 28 of 52 is 2π · 27/52, July is 2π · 6/12 = π, Sunday is 2π · 6/7.
    expect(row['hr_cos']).toBeCloseTo(-1, 12);
    expect(row['week_sin']).toBeCloseTo(-0.120537, 6);
    expect(row['week_cos']).toBeCloseTo(-0.992709, 6);
    expect(row['mnth_cos']).toBeCloseTo(-1, 12);
    expect(row['weekday_sin']).toBeCloseTo(-0.781831, 6);
    expect(row['weekday_cos']).toBeCloseTo(0.62349, 6);
  });
});

describe('demand', () => {
  test('has unique names', () => {
    const { features } = featureSetOf('demand', FORMER_PLACE);
    expect(new Set(features).size).toBe(features.length);
  });

  test('equals a computation by hand for a wet Wednesday before Thanksgiving', () => {
    const weather = { TMAX: 50, TMIN: 40, PRCP: 0.5, AWND: 12, SNOW: 1, SNWD: 2, PRCP_yesterday: 0 };
    const row = named('demand', { date: '2024-11-27', hour: 17, weather });
    expect(row).toMatchObject({
      workday_hour_17: 1,
      free_hour_17: 0,
      workday_hour_16: 0,
      is_wednesday: 1,
      holiday: 0,
      workday: 1,
      bridge_day: 0,
      day_before_holiday: 1,
      day_after_holiday: 0,
      wet: 1,
      TMAX: 50,
      AWND: 12,
      SNWD: 2,
      rain_yesterday: 0,
      dark: 1, // 17:30, an hour after sunset
    });
    expect(row['rain']).toBeCloseTo(1.791759, 6); // ln 6
    expect(row['snow']).toBeCloseTo(0.693147, 6); // ln 2
    expect(row['hour_sin1']).toBeCloseTo(-0.965926, 6); // sin 255°
  });

  test('counts a holiday, and one that the caller declares, as a day off', () => {
    const own = named('demand', { date: '2024-11-28', hour: 9, weather: {} });
    const declared = named('demand', { date: '2024-11-20', hour: 9, holiday: 1, weather: {} });
    for (const row of [own, declared]) {
      expect(row).toMatchObject({ free_hour_9: 1, workday_hour_9: 0, workday: 0, holiday: 1 });
    }
  });

  test('has one hour, one weekday and only finite numbers in every row', () => {
    fc.assert(
      fc.property(anyHour, (input) => {
        const row = named('demand', input);
        const sum = (prefix: RegExp) =>
          Object.entries(row).reduce((total, [name, value]) => total + (prefix.test(name) ? value : 0), 0);
        expect(sum(/^(workday|free)_hour_/)).toBe(1);
        expect(sum(/^is_/)).toBe(1);
        expect(row['workday']).toBe(row[`workday_hour_${input.hour}`]);
        expect(Object.values(row).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('resolveHour', () => {
  test('names the filled inputs that the set reads', () => {
    const input = { date: '2024-05-06', hour: 3, weather: { TMAX: 70, PRCP: null } };
    expect(resolveHour(featureSetOf('seed', FORMER_PLACE), input, IMPUTATION).imputed).toEqual([
      'TMIN',
      'SNOW',
    ]);
    const demand = featureSetOf('demand', FORMER_PLACE);
    const { resolved, imputed } = resolveHour(demand, input, IMPUTATION);
    expect(imputed).toEqual(demand.weather.filter((column) => column !== 'TMAX'));
    expect(resolved.weather).toMatchObject({ TMAX: 70, PRCP: 0.1 });
  });

  test.each([-1, 24, 1.5, Number.NaN])('rejects hour %s', (hour) => {
    expect(() =>
      resolveHour(featureSetOf('seed', FORMER_PLACE), { date: '2024-05-06', hour, weather: {} }, IMPUTATION),
    ).toThrow(/hour: got .*, expected an integer from 0 to 23/);
  });
});
