import { expect, it } from 'vitest';
import { FailedAttempts } from '../../../console/api/plugins/failed-attempts.ts';

it('lets ten wrong tokens pass and makes the next wait out the minute, by address', () => {
  let now = 0;
  const attempts = new FailedAttempts(() => now);
  for (let i = 0; i < 9; i += 1) attempts.failed('a');
  expect(attempts.secondsToWait('a')).toBe(0);
  attempts.failed('a');
  expect(attempts.secondsToWait('a')).toBe(60);
  expect(attempts.secondsToWait('b')).toBe(0);
  now = 60_000;
  expect(attempts.secondsToWait('a')).toBe(0);
});
