import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { orSkip } from '../../or-skip.ts';

/** Column `late` has numbers until its last row, so that the file is read twice. */
const CSV = 'x,kind,late\n1.5,member,7\n,"casual, ""day""",8\n-2,,nine\n';

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

const rejection = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message) as string,
});

describe('a gzipped CSV', () => {
  it('equals the plain one', async () => {
    const { rows, columns } = await readTable(write('t.csv.gz', gzipSync(CSV)));
    expect([rows, ...columns.keys()]).toEqual([3, 'x', 'kind', 'late']);
    expect([...columns.get('x')!.values]).toEqual([1.5, NaN, -2]);
    expect(columns.get('kind')!.values).toEqual(['member', 'casual, "day"', null]);
    expect(columns.get('late')!.values).toEqual(['7', '8', 'nine']);
  });

  it('may have several parts, as concatenated gzip files do', async () => {
    const parts = [CSV.slice(0, 20), CSV.slice(20)].map((part) => gzipSync(part));
    expect((await readTable(write('t.tsv.gz', Buffer.concat(parts)))).rows).toBe(3);
  });

  it('is rejected by its own name, also for faults in its rows', async () => {
    const message = /\/t\.csv\.gz, line 3, row 2: got 1 fields, expected 2/;
    const file = write('t.csv.gz', gzipSync('a,b\n1,2\n3\n'));
    await expect(readTable(file)).rejects.toMatchObject(rejection('INVALID_INPUT', message));
  });

  it.each([
    [
      'is cut short',
      gzipSync(CSV).subarray(0, -12),
      /t\.csv\.gz cannot be inflated \(unexpected end of file\)/,
    ],
    ['is none', Buffer.from(CSV), /t\.csv\.gz cannot be inflated \(incorrect header check\)/],
  ])('that %s is rejected, and leaves no files', async (_, bytes, message) => {
    const file = write('t.csv.gz', bytes);
    const temporary = temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(readTable(file)).rejects.toMatchObject(rejection('INVALID_INPUT', message));
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('says what to do when it rejects', () => {
  it('a folder', async () => {
    const folder = path.join(temporaryFolder(), 'months.csv');
    mkdirSync(folder);
    const message = /months\.csv is a folder: name one file in it, a file that ends in \.csv/;
    await expect(readTable(folder)).rejects.toMatchObject(rejection('INVALID_INPUT', message));
  });

  it('a file of another kind', async () => {
    const message = /t\.xlsx: expected a file that ends in \.csv, \.tsv, \.csv\.gz, \.tsv\.gz or \.parquet/;
    await expect(readTable(write('t.xlsx', CSV))).rejects.toMatchObject(rejection('INVALID_INPUT', message));
  });

  it('a missing file', async () => {
    const file = path.join(temporaryFolder(), 'none.parquet');
    await expect(readTable(file)).rejects.toMatchObject(
      rejection('SOURCE_NOT_FOUND', /no file .*none\.parquet/),
    );
  });

  it('a link to itself', async () => {
    const file = path.join(temporaryFolder(), 'loop.csv');
    symlinkSync(file, file);
    const message = /loop\.csv cannot be opened \(ELOOP.*check the path/;
    await expect(readTable(file)).rejects.toMatchObject(rejection('INVALID_INPUT', message));
  });

  // Root may read every file.
  const isRoot = process.getuid?.() === 0;
  it.skipIf(isRoot)(
    orSkip('a file that the user may not read', isRoot && 'root may read all files'),
    async () => {
      const file = write('secret.csv', CSV);
      chmodSync(file, 0);
      const message = /secret\.csv cannot be opened \(EACCES.*permission to read it/;
      await expect(readTable(file)).rejects.toMatchObject(rejection('INVALID_INPUT', message));
    },
  );
});
