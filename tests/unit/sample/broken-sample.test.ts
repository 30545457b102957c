import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_INDEX, writeBrokenSample, type BrokenFileNote } from '../../sample/write-broken-sample.ts';
import { csvsOf } from '../../csvs-of.ts';

let dir: string;
let notes: BrokenFileNote[];
const fileOf = (fault: string) => path.join(dir, notes.find((note) => note.fault === fault)!.file);

beforeAll(async () => {
  dir = path.join(mkdtempSync(path.join(tmpdir(), 'broken-sample-')), 'broken');
  await writeBrokenSample({ out: dir });
  notes = (JSON.parse(readFileSync(path.join(dir, BROKEN_INDEX), 'utf8')) as { files: BrokenFileNote[] })
    .files;
});
afterAll(() => rmSync(path.dirname(dir), { recursive: true, force: true }));

describe('the broken sample', () => {
  it('has one file with its own month for each fault', () => {
    expect(notes.map(({ fault }) => fault)).toEqual([
      'truncated zip',
      'HTML instead of zip',
      'zip bomb',
      'zip bomb that understates its size',
      'path traversal names',
      'empty CSV',
      'unknown header',
      'wrong encoding: Latin-1',
      'wrong encoding: UTF-16',
      'a column missing',
      'one line cut in the middle',
      '0 rows',
      'clock beyond range',
      'conflict markers',
    ]);
    expect(new Set(notes.map(({ month }) => month)).size).toBe(notes.length);
  });

  it('names the line of the fault, if there is one', async () => {
    const cut = notes.find(({ fault }) => fault === 'one line cut in the middle')!;
    const [csv] = await csvsOf(fileOf(cut.fault));
    const lines = csv!.text.split('\r\n');
    expect(lines.filter((line) => line !== '' && !line.endsWith('r"') && !line.endsWith('l"'))).toEqual([
      lines[cut.line! - 1],
    ]);
  });

  it('has a bomb that inflates more than two hundred times', () => {
    const listing = execFileSync('python3', [
      '-c',
      'import sys, zipfile\nfor i in zipfile.ZipFile(sys.argv[1]).infolist(): print(i.file_size / i.compress_size)',
      fileOf('zip bomb'),
    ]);
    expect(Number(listing.toString())).toBeGreaterThan(200);
  });

  it('has another bomb whose directory hides its size', () => {
    const script = 'import sys, zipfile\nprint(zipfile.ZipFile(sys.argv[1]).infolist()[0].file_size)';
    expect(
      execFileSync('python3', ['-c', script, fileOf('zip bomb that understates its size')]).toString(),
    ).toBe('4096\n');
  });
});
