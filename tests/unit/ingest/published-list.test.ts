import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareWithList, isPublishedList, parsePublishedList } from '../../../core/ingest/published-list.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

const MD5 = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';

describe('a publisher’s list of MD5s', () => {
  it.each([
    ['official-md5-size.txt', true],
    ['md5sums.txt', true],
    ['202401-citibike-tripdata.zip', false],
    ['readme.txt', false],
  ])('is recognised by its name: %s %s', (name, is) => expect(isPublishedList(name)).toBe(is));

  it('has lines of md5, size and name; others are ignored', () => {
    const list = parsePublishedList(`# archives\r\n${MD5.toUpperCase()} 12 a.zip\r\nnonsense\r\n`);
    expect([...list]).toEqual([['a.zip', { md5: MD5, bytes: 12 }]]);
  });

  it('rejects a file of its size with other content', () => {
    const listed = { md5: MD5, bytes: 12 };
    expect(compareWithList(listed, { md5: MD5, bytes: 12 })).toBe('as listed');
    expect(compareWithList(listed, { md5: OTHER, bytes: 12 })).toBe('damaged');
    expect(compareWithList(listed, { md5: OTHER, bytes: 13 })).toBe('republished');
    expect(compareWithList(undefined, { md5: OTHER, bytes: 13 })).toBe('not listed');
  });

  const dir = realDataDir();
  it.skipIf(!dir)(orSkip('of Citi Bike is read completely', !dir && NO_REAL_DATA), () => {
    const text = readFileSync(path.join(dir!, 'tripdata', 'official-md5-size.txt'), 'utf8');
    expect(parsePublishedList(text).size).toBe(text.trim().split('\n').length);
  });
});
