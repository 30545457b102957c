import { expect, it } from 'vitest';
import { amount, counted, listed, sentence, share } from '../../../contracts/outcome.ts';

it('formats amounts with thousands, a real minus sign and their unit', () => {
  expect([amount(301_658), amount(717.26, 'trips/h'), amount(0.96933), amount(-2), amount(null)]).toEqual([
    '301,658',
    '717.3 trips/h',
    '0.9693',
    '−2',
    undefined,
  ]);
  expect([share(0.8951), counted(1, 'month'), counted(2, 'process', 'processes')]).toEqual([
    '89.5 %',
    '1 month',
    '2 processes',
  ]);
});

it('makes a sentence of a reason, and keeps a name at its beginning', () => {
  expect(sentence('first version of x;')).toBe('First version of x.');
  expect(sentence('source.trips: not allowed')).toBe('source.trips: not allowed.');
  expect(sentence(' ')).toBe('');
});

it('lists a few texts and counts the rest', () => {
  expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(listed([])).toBeUndefined();
});
