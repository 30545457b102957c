import { describe, expect, it } from 'vitest';
import { IMPOSSIBLE, formatWallClock, parseWallClock } from '../../../adapters/rides/wall-clock.ts';

const parse = (text: string) => {
  const bytes = Buffer.from(`"${text}"`);
  return parseWallClock(bytes, 1, bytes.length - 1);
};

describe('a published time', () => {
  it.each([
    // Expected values are date -u -d '...' +%s, times a million.
    ['1970-01-01 00:00:00', 0],
    ['2024-02-29 23:59:59', 1_709_251_199_000_000],
    ['2024-02-29 23:59:59.999', 1_709_251_199_999_000],
    ['2019-01-01 03:09:09.7110', 1_546_312_149_711_000],
    ['2024-12-31 23:59:59.123456', 1_735_689_599_123_456],
    [' 2024-02-29 23:59:59 ', 1_709_251_199_000_000],
    ['2/29/2024 23:59', 1_709_251_140_000_000],
    ['12/31/2014 23:59:59', 1_420_070_399_000_000],
    ['3/31/2017 23:59:07', 1_491_004_747_000_000],
    ['2013-06-27 12:11', 1_372_335_060_000_000],
    ['2024-03-31T23:58:21', 1_711_929_501_000_000],
    ['6/30/15 8:50', 1_435_654_200_000_000],
  ])('%s is %i µs', (text, us) => {
    expect(parse(text)).toBe(us);
  });

  it.each([
    '',
    '2024-02-29',
    'yesterday at noon',
    '2024-02-2x 10:00:00',
    '2024-02-29 10:00:00.',
    '2024-02-29 10:00:00.1234567',
    '2024-02-29T10:00:00Z',
    '10/11/12 8:50',
  ])('%j cannot be read', (text) => {
    expect(parse(text)).toBeNaN();
  });

  it.each([
    '2024-02-30 10:00:00',
    '2023-02-29 10:00:00',
    '2024-13-01 10:00:00',
    '2024-01-01 24:00:00',
    '2024-01-01 10:60:00',
    '13/1/2024 10:00',
    '15/6/30 8:50',
  ])('%s is not a time that a clock shows', (text) => {
    expect(parse(text)).toBe(IMPOSSIBLE);
  });

  it.each(['2024-02-29 23:59:59', '2024-02-29 23:59:59.999', '2024-12-31 23:59:59.123456'])(
    '%s reads back',
    (text) => {
      expect(formatWallClock(parse(text))).toBe(text);
    },
  );
});
