import { describe, expect, it } from 'vitest';
import { rowsByWeek } from '../../../core/drift/rows-by-week.ts';
import { dateOfEpochDay, epochDayOf, weekLabelOf } from '../../../contracts/calendar.ts';

describe('ISO weeks', () => {
  // Expected values come from Python's date.isocalendar().
  it.for([
    ['2024-12-29', '2024-W52'],
    ['2024-12-30', '2025-W01'],
    ['2021-01-03', '2020-W53'],
    ['2025-03-31', '2025-W14'],
  ] as const)('%s is in %s', ([date, week]) => {
    expect(weekLabelOf(date)).toBe(week);
  });

  it('of the first quarter of 2025 are 14, of which the first has 5 days and the last 1', () => {
    const first = epochDayOf('2025-01-01');
    const weeks = rowsByWeek(Array.from({ length: 90 }, (_, i) => dateOfEpochDay(first + i)));
    expect(weeks).toHaveLength(14);
    expect(weeks[0]).toMatchObject({ week: '2025-W01', from: '2025-01-01', to: '2025-01-05' });
    expect(weeks[0]!.rows).toEqual([0, 1, 2, 3, 4]);
    expect(weeks.at(-1)).toMatchObject({ week: '2025-W14', from: '2025-03-31', to: '2025-03-31' });
  });

  it('take the date from the start of a time', () => {
    expect(rowsByWeek(['2025-01-06 23:00:00'])[0]?.week).toBe('2025-W02');
  });

  it('reject text that is not a date', () => {
    expect(() => rowsByWeek(['06/01/2025'])).toThrow(/expected a day as YYYY-MM-DD/);
  });
});
