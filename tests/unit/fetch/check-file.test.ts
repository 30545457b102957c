import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { checkFile } from '../../../activities/fetch/check-file.ts';
import { zipOf } from '../../../client/zip-of.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'check-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function check(
  content: Uint8Array | string,
  bytes: number | null = null,
  kind: 'archive' | 'hourly' = 'archive',
  published?: { md5: string; bytes: number },
  expectedMd5: string | null = null,
) {
  const local = path.join(dir, 'f');
  writeFileSync(local, content);
  const file = { url: 'https://host/a.zip', name: 'a.zip', month: '2024-01', kind, bytes, etag: null };
  return checkFile({ ...file, published }, local, {
    md5: md5Of(content),
    expectedMd5,
  });
}

const md5Of = (content: Uint8Array | string) => createHash('md5').update(content).digest('hex');

const zip = () => zipOf([{ name: '1.csv', content: Buffer.from('one') }], '2024-01-01');

describe('a fetched file', () => {
  it('that is a whole zip of the announced size passes', async () => {
    const bytes = await zip();
    await expect(check(bytes, bytes.length)).resolves.toBeUndefined();
  });

  it('that is an HTML page is reported as such', async () => {
    await expect(check('\n<!DOCTYPE html><html>Access denied</html>')).rejects.toThrow(/HTML or XML page/);
  });

  it('that is shorter than announced is truncated', async () => {
    const bytes = await zip();
    await expect(check(bytes.subarray(0, 60), bytes.length)).rejects.toThrow(/truncated/);
  });

  it('that is cut off is detected without an announced size', async () => {
    await expect(check((await zip()).subarray(0, 60))).rejects.toThrow(/not a complete zip/);
  });

  it('that is empty or of another kind is rejected', async () => {
    await expect(check('')).rejects.toThrow(/empty/);
    await expect(check('ride_id,started_at')).rejects.toThrow(/not a zip archive/);
  });

  it('of processed hours must begin and end as parquet', async () => {
    await expect(check('PAR1....PAR1', null, 'hourly')).resolves.toBeUndefined();
    await expect(check('PAR1....', null, 'hourly')).rejects.toThrow(/not a complete parquet/);
  });

  it('with another MD5 than the source announces is damaged', async () => {
    const bytes = await zip();
    await expect(check(bytes, null, 'archive', undefined, md5Of('other'))).rejects.toThrow(/damaged.*ETag/);
  });

  it('of the size in the publisher’s list must have its MD5 too', async () => {
    const bytes = await zip();
    const listed = { md5: md5Of('other'), bytes: bytes.length };
    await expect(check(bytes, null, 'archive', listed)).rejects.toThrow(/damaged.*list of MD5s/);
  });

  it('of another size than in the publisher’s list counts as republished', async () => {
    const listed = { md5: md5Of('other'), bytes: 1 };
    await expect(check(await zip(), null, 'archive', listed)).resolves.toBeUndefined();
  });
});
