import { expect, test } from 'vitest';
import { retryNote } from '../../../client/retry-note.ts';

test('a first attempt has no note, and neither has one without a reason', () => {
  expect(retryNote(1, 'Postgres: connect ECONNREFUSED')).toBe('');
  expect(retryNote(3, undefined)).toBe('');
});

test('a later attempt shows the first line of the last failure, cut to one line', () => {
  expect(retryNote(8, 'Postgres: connect ECONNREFUSED 127.0.0.1:5433\nIs it running?')).toBe(
    'attempt 8: Postgres: connect ECONNREFUSED 127.0.0.1:5433',
  );
  expect(retryNote(2, 'x'.repeat(500))).toBe(`attempt 2: ${'x'.repeat(159)}…`);
});
