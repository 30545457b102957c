/** Tests that every command uses a path as written, and decodes an address once. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { fileName } from '../../../adapters/tables/file-name.ts';
import { preprocessCommand } from '../../../client/commands/preprocess.ts';
import { sampleCommand } from '../../../client/commands/sample.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'names a[1] ?-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

test.each([
  ['a%20b[1]*?#.csv', 'a%20b[1]*?#.csv'],
  ['file:///srv/a%2520b.csv', '/srv/a%20b.csv'],
  ['FILE:///srv/a%23b.csv', '/srv/a#b.csv'],
])('%s names %s', (given, expected) => {
  expect(fileName(given)).toBe(expected);
});

test.each(['file:///srv/a?b', 'file:///srv/a#b', 'file:///srv/%', 'file://host/a', 'https://host/a'])(
  '%s is rejected',
  (given) => {
    expect(() => fileName(given)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  },
);

describe('a folder with an unusual name', () => {
  const sample = () => path.join(dir, 'sample #1 %41');
  const sampleAt = async (out: string) =>
    (await sampleCommand()).parseAsync(
      ['--out', out, '--from', '2024-01', '--to', '2024-01', '--rides-per-month', '2000'],
      { from: 'user' },
    );

  it('can be written by its address', async () => {
    await sampleAt(pathToFileURL(sample()).href);
    expect(existsSync(path.join(sample(), 'weather-daily-2024.csv'))).toBe(true);
  });

  it('can be read and written by addresses', async () => {
    const archive = pathToFileURL(path.join(sample(), '202401-citibike-tripdata.csv.zip')).href;
    const out = path.join(dir, 'months?#');
    await (
      await preprocessCommand()
    ).parseAsync([archive, '--out', pathToFileURL(out).href, '--no-gate'], {
      from: 'user',
    });
    expect(existsSync(path.join(out, 'nyc-2024-01.parquet'))).toBe(true);
  });

  it('is not cut at a question or number mark', async () => {
    await expect(sampleAt(`file://${dir}/a#b`)).rejects.toThrow(/starts a (query|fragment) in an address/);
    expect(existsSync(path.join(dir, 'a'))).toBe(false);
  });
});
