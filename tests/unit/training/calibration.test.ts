import { describe, expect, test } from 'vitest';
import { calibrateByHour, hourGroupOf } from '../../../core/training/calibration.ts';
import { forecastOf, growthMargin, intervalOf, orderOfHeads } from '../../../core/serving/interval.ts';

test('hours belong to night, morning, midday, evening and late', () => {
  expect([0, 5, 6, 9, 10, 15, 16, 19, 20, 23].map(hourGroupOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
});

describe('calibrateByHour', () => {
  test('gives each bound its own conformal quantile, in its own group of hours', () => {
    // There are 99 held-out hours at 08:00. The actual value is 1..99 hundredths of the distance above, and always half of it below.
    const rows = Array.from({ length: 99 }, (_, i) => [
      { hour: 8, actual: 1000 + 2 * (i + 1), middle: 1000, below: 10, above: 200 },
      { hour: 20, actual: 995, middle: 1000, below: 10, above: 200 },
    ]).flat();
    const { below, above } = calibrateByHour(rows);
    // The rank ceil(0.95 · 100) = 95 of 0.01..0.99.
    expect([above[6], above[9]]).toEqual([0.95, 0.95]);
    expect([below[20], below[23]]).toEqual([0.5, 0.5]);
    expect([below[0], above[12]]).toEqual([1, 1]); // no row there
    expect([below.length, above.length]).toEqual([24, 24]);
  });

  test('widens the interval in proportion to demand', () => {
    const summer = Array.from({ length: 99 }, () => ({
      ...{ hour: 17, actual: 7000, middle: 8000 },
      ...forecastOf([8], 0, orderOfHeads(['mean']), { mean: 0, std: 1000 }, 1),
    }));
    const { below, above } = calibrateByHour(summer);
    const winter = forecastOf([2], 0, orderOfHeads(['mean']), { mean: 0, std: 1000 }, 1);
    // An eighth below in summer equals an eighth below in winter.
    expect(intervalOf(winter, { below: below[17]!, above: above[17]! }).lower).toBeCloseTo(1750, 9);
  });
});

describe('the interval', () => {
  const heads = orderOfHeads([0.05, 0.5, 0.95]);
  const target = { mean: 1000, std: 500 };

  test('spreads from the middle head to those of the bounds, with the growth of the day', () => {
    // The heads give (−1, 0, 2) · 500 + 1000, and twice as much on that day.
    expect(forecastOf([9, -1, 0, 2], 1, heads, target, 2)).toEqual({
      middle: 2000,
      below: 1000,
      above: 2000,
    });
  });

  test('has a width even if heads cross', () => {
    const forecast = forecastOf([2, 1, 0], 0, heads, target, 1);
    expect(forecast).toEqual({ middle: 1500, below: 5, above: 5 }); // 0.5 % of 1000
    expect(intervalOf(forecast, { below: 1, above: 1 })).toEqual({ lower: 1495, upper: 1505 });
  });

  test('spreads in proportion to the prediction if there is only a mean', () => {
    const order = orderOfHeads(['mean']);
    expect(forecastOf([1], 0, order, target, 1)).toEqual({ middle: 1500, below: 1500, above: 1500 });
  });

  test('includes the prediction and is never negative, for any factors', () => {
    const forecast = { middle: 100, below: 50, above: 50 };
    expect(intervalOf(forecast, { below: 3, above: 1 })).toEqual({ lower: 0, upper: 150 });
    expect(intervalOf(forecast, { below: -1, above: -1 })).toEqual({ lower: 100, upper: 100 });
    expect(intervalOf({ ...forecast, middle: -500 }, { below: 1, above: 1 })).toEqual({ lower: 0, upper: 0 });
  });

  test('widens with the days since the middle of the span by the standard error of growth, in squares', () => {
    const growth = { rate: 0, standardError: 0.001, origin: '2024-01-01' };
    const span = { system: 'nyc', from: '2024-01', to: '2024-12', synthetic: false } as const;
    const trainedOn = { ...span, hours: 2400 };
    expect(growthMargin({ growth, trainedOn }, 50)).toBe(0); // the middle of 100 days
    expect(growthMargin({ growth, trainedOn }, 20)).toBe(0);
    const margin = growthMargin({ growth, trainedOn }, 150);
    expect(margin).toBeCloseTo(1.645 * 0.1, 12);
    // The margins combine as a right triangle of 3 and 4: 300 of the heads, 400 of 1000 by growth.
    const forecast = { middle: 1000, below: 300, above: 300 };
    expect(intervalOf(forecast, { below: 1, above: 1 }, 0.4)).toEqual({ lower: 500, upper: 1500 });
  });
});
