import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readZipEntry } from '../../../adapters/sources/zip-entry.ts';
import { findCsvs, listMonths } from '../../../adapters/sources/find-csvs.ts';
import { ZIP_LIMITS } from '../../../adapters/sources/zip-reader.ts';
import { zipOf, type ZipContent } from '../../../client/zip-of.ts';
import { renamedEntry } from '../../sample/renamed-entry.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'zip-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const entry = (name: string, content: string | Uint8Array): ZipContent => ({
  name,
  content: typeof content === 'string' ? Buffer.from(content) : content,
});
const zip = (...entries: ZipContent[]) => zipOf(entries, '2024-01-01');

/** Returns names and texts of the entries. */
async function read(bytes: Buffer, options: { month?: string; limits?: typeof ZIP_LIMITS } = {}) {
  const file = path.join(dir, 'a.zip');
  writeFileSync(file, bytes);
  const csvs = await findCsvs(file, { archiveName: 'a.zip', workDir: path.join(dir, 'work'), ...options });
  const found: [string, string][] = [];
  for (const csv of csvs) {
    const chunks: Buffer[] = [];
    for await (const chunk of readZipEntry(csv.entry, { file: 'a.zip', entry: csv.name })) chunks.push(chunk);
    found.push([csv.name, Buffer.concat(chunks).toString('utf8')]);
  }
  return found;
}

describe('an archive of a month', () => {
  it('yields its CSVs, without other files', async () => {
    const bytes = await zip(
      entry('x/1.csv', 'one'),
      entry('__MACOSX/x/._1.csv', 'junk'),
      entry('readme.txt', 'no'),
      entry('2.CSV', 'two'),
    );
    expect(await read(bytes)).toEqual([
      ['2.CSV', 'two'],
      ['x/1.csv', 'one'],
    ]);
  });

  it.each(['../evil.csv', '/etc/evil.csv'])('is rejected with the name %s in it', async (name) => {
    const safe = '_'.repeat(name.length);
    await expect(read(renamedEntry(await zip(entry(safe, 'x')), safe, name))).rejects.toMatchObject({
      code: 'BAD_ARCHIVE',
    });
    expect(readdirSync(dir)).toEqual(['a.zip']);
  });

  it('is rejected if it is truncated', async () => {
    const bytes = await zip(entry('1.csv', 'one'));
    await expect(read(bytes.subarray(0, bytes.length - 10))).rejects.toThrow(
      /a\.zip: not a complete zip archive/,
    );
  });

  it('is rejected if its content does not match its checksum', async () => {
    const bytes = await zip(entry('1.csv', 'one two three'));
    bytes.writeUInt32LE(123, bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 16);
    await expect(read(bytes)).rejects.toThrow(/1\.csv: checksum/);
  });

  it('is rejected as a zip bomb by its directory, before any inflation', async () => {
    const bytes = await zip(entry('1.csv', '0'.repeat(4 * 2 ** 20)));
    await expect(read(bytes)).rejects.toThrow(/zip bomb/);
  });

  it('is rejected as a zip bomb if it inflates to more than its directory says', async () => {
    const bytes = await zip(entry('1.csv', '0'.repeat(4 * 2 ** 20)));
    bytes.writeUInt32LE(1000, bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
    await expect(read(bytes)).rejects.toThrow(
      /more than the 1000 bytes in the zip's directory: rejected as a zip bomb/,
    );
  });

  it('is rejected with more bytes than the limit', async () => {
    const bytes = await zip(entry('1.csv', 'x'.repeat(100)));
    await expect(read(bytes, { limits: { ...ZIP_LIMITS, bytes: 99 } })).rejects.toThrow(
      /expected at most 99/,
    );
  });

  it('is rejected without a CSV, with a list of its entries', async () => {
    await expect(read(await zip(entry('readme.txt', 'x')))).rejects.toThrow(/no CSV inside, got readme\.txt/);
  });

  it('is rejected if all its entries are named for other months', async () => {
    const bytes = await zip(entry('202408-citibike-tripdata_1.csv', 'x'));
    await expect(read(bytes, { month: '2024-09' })).rejects.toThrow(/no CSV for 2024-09/);
  });
});

describe('an archive of a year', () => {
  const month = (name: string, ...texts: string[]) =>
    zip(...texts.map((text, i) => entry(`${name}-citibike-tripdata_${i + 1}.csv`, text)));

  it('yields the CSVs of the month from the archives inside', async () => {
    const bytes = await zip(
      entry('2023-citibike-tripdata/202301-citibike-tripdata.zip', await month('202301', 'one', 'two')),
      entry('2023-citibike-tripdata/202302-citibike-tripdata.zip', await month('202302', 'three')),
      entry('__MACOSX/2023-citibike-tripdata/._202301-citibike-tripdata.zip', 'junk'),
    );
    expect((await read(bytes, { month: '2023-01' })).map(([, text]) => text)).toEqual(['one', 'two']);
    expect(await listMonths(path.join(dir, 'a.zip'), 'a.zip')).toEqual(['2023-01', '2023-02']);
  });

  it('yields the CSVs of the month from the folders inside', async () => {
    const bytes = await zip(
      entry('2019-citibike-tripdata/1_January/201901-citibike-tripdata_1.csv', 'one'),
      entry('2019-citibike-tripdata/2_February/201902-citibike-tripdata_1.csv', 'two'),
    );
    expect((await read(bytes, { month: '2019-02' })).map(([, text]) => text)).toEqual(['two']);
  });

  it('yields a month once if it is there whole and in parts', async () => {
    const bytes = await zip(
      entry('201306-citibike-tripdata.csv', 'whole'),
      entry('6_June/201306-citibike-tripdata_1.csv', 'part'),
    );
    expect((await read(bytes, { month: '2013-06' })).map(([, text]) => text)).toEqual(['whole']);
  });

  it('yields a CSV once if it is both inside and beside a folder', async () => {
    const bytes = await zip(
      entry('201801-citibike-tripdata_1.csv', 'one'),
      entry('1_January/201801-citibike-tripdata_1.csv', 'one'),
      entry('1_January/201801-citibike-tripdata_2.csv', 'two'),
    );
    const texts = (await read(bytes, { month: '2018-01' })).map(([, text]) => text);
    expect(texts.toSorted()).toEqual(['one', 'two']);
  });

  it('yields parts that do not repeat the whole, as the rest of the month', async () => {
    const [whole, part] = ['w'.repeat(10_000), 'p'.repeat(5_000)];
    const bytes = await zip(
      entry('202405-citibike-tripdata.csv', whole),
      entry('202405-citibike-tripdata_1.csv', part),
    );
    expect((await read(bytes, { month: '2024-05' })).map(([, text]) => text)).toEqual([whole, part]);
  });

  it('is rejected by name if the archive of the month inside is damaged', async () => {
    const bytes = await zip(entry('202301-citibike-tripdata.zip', 'no zip'));
    await expect(read(bytes, { month: '2023-01' })).rejects.toThrow(/a\.zip, 202301-citibike-tripdata\.zip/);
  });
});

describe('a written archive', () => {
  it('has the same bytes for the same content', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => zip(entry('1.csv', 'one'))));
    expect(one!.equals(two!)).toBe(true);
  });
});
