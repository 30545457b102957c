import { describe, expect, it } from 'vitest';
import { rideIds } from '../../sample/ride-ids.ts';

describe('ride ids', () => {
  it('do not repeat within a month, nor over the months of a year', () => {
    const ids = new Set<string>();
    for (let month = 1; month <= 12; month += 1) {
      const idOf = rideIds(42, 'jc', `2024-${String(month).padStart(2, '0')}`);
      for (let number = 0; number < 20_000; number += 1) ids.add(idOf(number));
    }
    expect(ids.size).toBe(12 * 20_000);
  });

  it('look like published ones, and follow no order', () => {
    const idOf = rideIds(42, 'nyc', '2024-10');
    const ids = Array.from({ length: 1_000 }, (_, number) => idOf(number));
    expect(ids.every((id) => /^[0-9A-F]{16}$/.test(id))).toBe(true);
    const rising = ids.filter((id, i) => i > 0 && id > ids[i - 1]!).length;
    expect(rising).toBeGreaterThan(400);
    expect(rising).toBeLessThan(600);
  });
});
