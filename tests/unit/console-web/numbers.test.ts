import { describe, expect, it } from 'vitest';
import {
  bytes,
  alignedNumber,
  number,
  plural,
  compactNumber,
  signed,
} from '../../../console/web/src/format/numbers.ts';

describe('number', () => {
  it.each([
    [12345.678, '12,346'],
    [123.456, '123.5'],
    [0.0123456, '0.01235'],
    [-3.5, '−3.5'],
    [0, '0'],
    [0.00001234, '1.2e−5'],
    [null, '–'],
    [NaN, '–'],
  ])('formats %s as %s', (value, text) => {
    expect(number(value)).toBe(text);
  });
});

describe('alignedNumber', () => {
  it('keeps trailing zeros, so that a column lines up', () => {
    expect([2.07, 2.496, -1.99].map((value) => alignedNumber(value))).toEqual(['2.070', '2.496', '−1.990']);
  });

  it('adds no zeros to whole numbers', () => {
    expect(alignedNumber(168)).toBe('168');
  });
});

describe('bytes', () => {
  it.each([
    [812, '812 B'],
    [54_282, '54.3 kB'],
    [999_999, '1 MB'],
    [1_300_000_000, '1.3 GB'],
  ])('formats %d as %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });
});

it('shortens thousands and millions for axes', () => {
  expect([1500, 2_400_000, 12].map(compactNumber)).toEqual(['1.5k', '2.4M', '12']);
});

it('writes the sign of a difference', () => {
  expect([0.5, -0.5, 0].map((value) => signed(value))).toEqual(['+0.5', '−0.5', '0']);
});

it('counts one in the singular', () => {
  expect([plural(1, 'folder'), plural(2, 'folder'), plural(0, 'folder')]).toEqual([
    '1 folder',
    '2 folders',
    '0 folders',
  ]);
});
