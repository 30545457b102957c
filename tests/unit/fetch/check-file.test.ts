import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFile } from '../../../activities/fetch/check-file.ts';
import { zipOf } from '../../../adapters/sources/zip-writer.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'check-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function check(
  content: Uint8Array | string,
  bytes: number | null = null,
  kind: 'archive' | 'hourly' = 'archive',
) {
  const local = path.join(dir, 'f');
  writeFileSync(local, content);
  return checkFile({ url: 'https://host/a.zip', name: 'a.zip', kind, bytes, etag: null }, local);
}

const zip = () => zipOf([{ name: '1.csv', content: Buffer.from('one') }], '2024-01-01');

describe('a fetched file', () => {
  it('that is a whole zip of the announced size passes', async () => {
    const bytes = await zip();
    await expect(check(bytes, bytes.length)).resolves.toBeUndefined();
  });

  it('that is an HTML page is called that', async () => {
    await expect(check('\n<!DOCTYPE html><html>Access denied</html>')).rejects.toThrow(/HTML or XML page/);
  });

  it('that is shorter than announced is truncated', async () => {
    const bytes = await zip();
    await expect(check(bytes.subarray(0, 60), bytes.length)).rejects.toThrow(/truncated/);
  });

  it('that is cut off is noticed without an announced size', async () => {
    await expect(check((await zip()).subarray(0, 60))).rejects.toThrow(/not a whole zip/);
  });

  it('that is empty, or something else, is refused', async () => {
    await expect(check('')).rejects.toThrow(/empty/);
    await expect(check('ride_id,started_at')).rejects.toThrow(/not a zip archive/);
  });

  it('of processed hours must begin and end as parquet', async () => {
    await expect(check('PAR1....PAR1', null, 'hourly')).resolves.toBeUndefined();
    await expect(check('PAR1....', null, 'hourly')).rejects.toThrow(/not a whole parquet/);
  });
});
