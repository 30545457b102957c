import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestDateFor } from '../../../core/features/assumed-date.ts';
import type { CyclicFeatures } from '../../../core/features/basic-features.ts';
import { dateOfEpochDay, epochDayOf, isoWeekOf, monthOf, weekdayOf } from '../../../contracts/calendar.ts';

const pair = (step: number, length: number) => [
  Math.sin((2 * Math.PI * step) / length),
  Math.cos((2 * Math.PI * step) / length),
];

/** Steps count from 0. */
function features(hour: number, weekday: number, week: number, month: number): CyclicFeatures {
  const [hr_sin, hr_cos] = pair(hour, 24);
  const [weekday_sin, weekday_cos] = pair(weekday, 7);
  const [week_sin, week_cos] = pair(week, 52);
  const [mnth_sin, mnth_cos] = pair(month, 12);
  return {
    hr_sin,
    hr_cos,
    weekday_sin,
    weekday_cos,
    week_sin,
    week_cos,
    mnth_sin,
    mnth_cos,
  } as CyclicFeatures;
}

test('Wednesday of the third week of January nearest to March 2025 is 2025-01-15', () => {
  expect(nearestDateFor(features(8, 2, 2, 0), '2025-03-31')).toEqual({
    date: '2025-01-15',
    hour: 8,
    exact: true,
  });
});

test('the nearest date may be in the year after', () => {
  expect(nearestDateFor(features(0, 0, 1, 0), '2024-12-20')).toMatchObject({
    date: '2025-01-06',
    exact: true,
  });
});

test('a day of a 53rd week is found, whose sines are those of week 1', () => {
  expect(nearestDateFor(features(5, 3, 52, 11), '2021-02-01')).toMatchObject({
    date: '2020-12-31',
    exact: true,
  });
});

test('any day near the anchor is found, or a nearer one with the same features', () => {
  const anchor = epochDayOf('2025-01-01');
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 0, max: 23 }), (distance, hour) => {
      const day = anchor + distance;
      const steps = [weekdayOf(day), isoWeekOf(day) - 1, monthOf(day) - 1] as const;
      const found = nearestDateFor(features(hour, ...steps), dateOfEpochDay(anchor));
      const foundDay = epochDayOf(found.date);
      expect(found).toMatchObject({ hour, exact: true });
      expect([weekdayOf(foundDay), (isoWeekOf(foundDay) - 1) % 52, monthOf(foundDay) - 1]).toEqual([
        steps[0],
        steps[1] % 52,
        steps[2],
      ]);
      expect(Math.abs(foundDay - anchor)).toBeLessThanOrEqual(Math.abs(distance));
    }),
    { numRuns: 2000 },
  );
});

test('if week and month contradict each other, weekday and month decide, and the answer says so', () => {
  // The tenth week is in March, never in July.
  const found = nearestDateFor(features(8, 4, 9, 6), '2025-01-01');
  expect(found.exact).toBe(false);
  expect([weekdayOf(epochDayOf(found.date)), monthOf(epochDayOf(found.date))]).toEqual([4, 7]);
});

test('a day in another ISO year than its calendar year is found', () => {
  // Sunday of week 52 in January: 2023-01-01 is 731 days away, 2028-01-02 is 1096.
  expect(nearestDateFor(features(0, 6, 51, 0), '2025-01-01').date).toBe('2023-01-01');
});

test('sines rounded to two decimals are accepted', () => {
  const exact = features(17, 5, 30, 6);
  const rounded = Object.fromEntries(
    Object.entries(exact).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  );
  expect(nearestDateFor(rounded as unknown as CyclicFeatures, '2024-06-01')).toEqual(
    nearestDateFor(exact, '2024-06-01'),
  );
});

test.each([Number.NaN, 5, 0.5])('a pair off its cycle (sine %s) is rejected by name', (hr_sin) => {
  expect(() => nearestDateFor({ ...features(8, 2, 2, 0), hr_sin, hr_cos: 0 }, '2025-01-01')).toThrow(
    /hr_sin, hr_cos: got .*cycle of 24/,
  );
});
