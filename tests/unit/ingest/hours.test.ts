import { describe, expect, it } from 'vitest';
import { monthsOf } from '../../../contracts/calendar.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';
import { gateHours, hoursOfMonth } from '../../../core/ingest/gate-hours.ts';
import { JC, NYC } from '../../fixtures/shipped-systems.ts';

const counted = (month: string, trips = 60) =>
  hoursOfMonth(month, FORMER_PLACE).map((hour) => ({ ...hour, trips }));

describe('hours of the wall clock', () => {
  it('are 8,783 in 2024 and 2,159 in the first quarter of 2025', () => {
    const hours = (from: string, to: string) =>
      monthsOf({ from, to }).reduce((total, month) => total + hoursOfMonth(month, FORMER_PLACE).length, 0);
    expect(hours('2024-01', '2024-12')).toBe(8783);
    expect(hours('2025-01', '2025-03')).toBe(2159);
  });

  it('are 24 on every day of a zone without daylight time', () => {
    expect(hoursOfMonth('2024-03', { timeZone: 'America/Phoenix' })).toHaveLength(744);
  });
});

describe('gate of a month', () => {
  it('rejects a nyc month with a missing hour, and names it', () => {
    const hours = counted('2024-02').filter((row) => !(row.date === '2024-02-29' && row.hour === 4));
    expect(() => gateHours(NYC, '2024-02', hours)).toThrow(
      expect.objectContaining({
        code: 'QUALITY_GATE',
        message: expect.stringContaining('2024-02-29T04') as string,
      }),
    );
  });

  it('fills missing hours of a jc month with 0, except the hour that spring skips', () => {
    const hours = counted('2024-03').filter((row) => row.hour !== 3);
    const gated = gateHours(JC, '2024-03', hours);
    expect(gated.zeroFilled).toBe(31);
    expect(gated.hours).toHaveLength(743);
    expect(gated.hours.find((row) => row.date === '2024-03-11' && row.hour === 3)?.trips).toBe(0);
    expect(gated.hours.some((row) => row.date === '2024-03-10' && row.hour === 2)).toBe(false);
  });

  it('rejects rides in the hour that spring skips', () => {
    const hours = [...counted('2024-03'), { date: '2024-03-10', hour: 2, trips: 1 }];
    expect(() => gateHours(JC, '2024-03', hours)).toThrow(/2024-03-10T02/);
  });

  it('rejects a month without rides, also in jc', () => {
    expect(() => gateHours(JC, '2024-03', [])).toThrow(expect.objectContaining({ code: 'QUALITY_GATE' }));
  });

  it('flags the autumn hour that covers two', () => {
    expect(gateHours(NYC, '2024-11', counted('2024-11')).doubledHour).toBe('2024-11-03T01');
    expect(gateHours(NYC, '2024-10', counted('2024-10')).doubledHour).toBeNull();
  });
});
