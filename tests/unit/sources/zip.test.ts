import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZIP_LIMITS, extractCsvs } from '../../../adapters/sources/zip-reader.ts';
import { zipOf, type ZipEntry } from '../../../adapters/sources/zip-writer.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'zip-'));
  mkdirSync(path.join(dir, 'out'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const entry = (name: string, text: string): ZipEntry => ({ name, content: Buffer.from(text) });

async function extract(bytes: Buffer, limits = ZIP_LIMITS) {
  const file = path.join(dir, 'a.zip');
  writeFileSync(file, bytes);
  return extractCsvs(file, path.join(dir, 'out'), { archiveName: 'a.zip', limits });
}

describe('extracting an archive', () => {
  it('gives its CSVs under names of our own, without junk', async () => {
    const zip = await zipOf(
      [
        entry('x/1.csv', 'one'),
        entry('__MACOSX/x/._1.csv', 'junk'),
        entry('readme.txt', 'no'),
        entry('2.CSV', 'two'),
      ],
      '2024-01-01',
    );
    const csvs = await extract(zip);
    expect(csvs.map(({ name, file }) => [name, readFileSync(file, 'utf8')])).toEqual([
      ['x/1.csv', 'one'],
      ['2.CSV', 'two'],
    ]);
    expect(readdirSync(path.join(dir, 'out'))).toEqual(['0.csv', '1.csv']);
  });

  it.each(['../evil.csv', '/etc/evil.csv'])('refuses the name %s', async (name) => {
    await expect(extract(await zipOf([entry(name, 'x')], '2024-01-01'))).rejects.toMatchObject({
      code: 'BAD_ARCHIVE',
    });
    expect(readdirSync(path.join(dir, 'out'))).toEqual([]);
  });

  it('refuses a truncated archive', async () => {
    const zip = await zipOf([entry('1.csv', 'one')], '2024-01-01');
    await expect(extract(zip.subarray(0, zip.length - 10))).rejects.toThrow(
      /a\.zip: not a whole zip archive/,
    );
  });

  it('refuses damaged content by its checksum', async () => {
    const zip = await zipOf([entry('1.csv', 'one two three')], '2024-01-01');
    zip.writeUInt32LE(123, zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 16);
    await expect(extract(zip)).rejects.toThrow(/1\.csv: checksum/);
  });

  it('refuses a zip bomb before inflating it', async () => {
    const zip = await zipOf([entry('1.csv', '0'.repeat(4 * 2 ** 20))], '2024-01-01');
    await expect(extract(zip)).rejects.toThrow(/zip bomb/);
    expect(readdirSync(path.join(dir, 'out'))).toEqual([]);
  });

  it('refuses more bytes than its limit', async () => {
    const zip = await zipOf([entry('1.csv', 'x'.repeat(100))], '2024-01-01');
    await expect(extract(zip, { ...ZIP_LIMITS, bytes: 99 })).rejects.toThrow(/at most 99 are read/);
  });

  it('says that an archive of archives is not read', async () => {
    await expect(extract(await zipOf([entry('202301.zip', 'x')], '2024-01-01'))).rejects.toThrow(
      /archive of archives/,
    );
  });
});

describe('writing an archive', () => {
  it('gives the same bytes for the same content', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => zipOf([entry('1.csv', 'one')], '2024-01-01')));
    expect(one!.equals(two!)).toBe(true);
  });
});
