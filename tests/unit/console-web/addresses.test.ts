import { describe, expect, it } from 'vitest';
import { address, contentUrl, s3Parts } from '../../../console/web/src/format/addresses.ts';

const HOSTILE = '"><script>alert(1)</script>/../%2F?x#y';

describe('address', () => {
  it('keeps an id with slashes, markup and percent signs in one part of the path', () => {
    const parts = address.run(HOSTILE).split('/');
    expect(parts).toHaveLength(3);
    expect(decodeURIComponent(parts[2]!)).toBe(HOSTILE);
  });

  it('leaves out fields that are not given', () => {
    expect(address.drift('nyc')).toBe('/drift?system=nyc');
    expect(address.drift()).toBe('/drift');
  });
});

it('passes a whole s3 address as one field', () => {
  const uri = 's3://bucket/a b&c=d.html';
  expect(new URL(contentUrl(uri), 'http://host').searchParams.get('uri')).toBe(uri);
});

describe('s3Parts', () => {
  it('splits bucket and key', () => {
    expect(s3Parts('s3://bucket/a/b.json')).toEqual({ bucket: 'bucket', key: 'a/b.json' });
  });

  it('returns undefined for other addresses', () => {
    expect(s3Parts('javascript:alert(1)')).toBeUndefined();
  });
});
