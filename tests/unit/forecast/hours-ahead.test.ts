import { expect, it } from 'vitest';
import { hoursAhead } from '../../../core/forecast/hours-ahead.ts';

const NEW_YORK = 'America/New_York';

it('begins with the hour after the issue and ends seven days later', () => {
  // 15:20 UTC is 11:20 in New York.
  const hours = hoursAhead('2025-06-10T15:20:00.000Z', NEW_YORK);
  expect(hours).toHaveLength(168);
  expect(hours[0]).toEqual({ date: '2025-06-10', hour: 12 });
  expect(hours.at(-1)).toEqual({ date: '2025-06-17', hour: 11 });
});

it('begins with the next hour if the issue is at a full hour', () => {
  expect(hoursAhead('2025-06-10T03:00:00.000Z', NEW_YORK)[0]).toEqual({ date: '2025-06-10', hour: 0 });
});

it('skips the hour that the clock skips', () => {
  const hours = hoursAhead('2025-03-09T05:30:00.000Z', NEW_YORK);
  expect(hours.slice(0, 3)).toEqual([
    { date: '2025-03-09', hour: 1 },
    { date: '2025-03-09', hour: 3 },
    { date: '2025-03-09', hour: 4 },
  ]);
  expect(hours).toHaveLength(168);
});

it('has no midnight where the clock skips it', () => {
  expect(hoursAhead('2025-09-07T02:30:00.000Z', 'America/Santiago').slice(0, 3)).toEqual([
    { date: '2025-09-06', hour: 23 },
    { date: '2025-09-07', hour: 1 },
    { date: '2025-09-07', hour: 2 },
  ]);
});

it('has the hour that comes twice once', () => {
  const hours = hoursAhead('2025-11-02T04:30:00.000Z', NEW_YORK);
  expect(hours.slice(0, 2)).toEqual([
    { date: '2025-11-02', hour: 1 },
    { date: '2025-11-02', hour: 2 },
  ]);
  expect(hours).toHaveLength(167);
});
