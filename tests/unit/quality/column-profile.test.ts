import { describe, expect, it } from 'vitest';
import { correlation, profileColumn } from '../../../core/quality/column-profile.ts';

describe('the profile of a column', () => {
  it('counts, orders and measures its values', () => {
    // The mean is 25/5 = 5; squared deviations are 9 + 9 + 1 + 1 + 36 = 56, divided by 4 is 14.
    expect(profileColumn([2, 2, 4, null, 6, 11])).toEqual({
      count: 5,
      missing: 1,
      distinct: 4,
      mostCommonShare: 0.4,
      min: 2,
      median: 4,
      max: 11,
      mean: 5,
      std: Math.sqrt(14),
    });
  });

  it('is null for a column without values', () => {
    expect(profileColumn([null, null])).toBeNull();
  });
});

describe('correlation', () => {
  it("is Pearson's r", () => {
    // Deviations are (-1.5, -0.5, 0.5, 1.5) and (-2, 0, -1, 3), so r is 7 / √(5 × 14).
    expect(correlation([1, 2, 3, 4], [1, 3, 2, 6])).toBeCloseTo(7 / Math.sqrt(70), 12);
  });

  it('is null if one does not vary, or too few rows have both', () => {
    expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(correlation([1, null, 3], [1, 2, 5])).toBeNull();
  });
});
