import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { annotateFile } from '../../../adapters/tables/annotate-file.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { csvOf, tableFile } from '../../../adapters/tables/table-file.ts';
import { readTextTable } from '../../../adapters/tables/text-rows.ts';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NAMES = [
  ...[
    'a?',
    'x[1]',
    '*',
    '{a,b}',
    '[!a]',
    '[',
    ']',
    'a**b',
    '%41',
    '%',
    'a\\b',
    '\\',
    "it's",
    '"quoted"',
    '~',
  ],
  ...['$HOME', '#1', 'a;b', 'two\nlines', ' lead', 's3:bucket', 'file:x', '-', '🚲', 'e\u0301'],
];
/** Holds the files that the names would match if they were patterns, escapes or home folders. */
const DECOYS = ['ab', 'a1', 'x1', 'a', 'b', 'A', 'axb', '!', 'a/b', 'HOME'];
const NUMBERED = {
  reads: [],
  adds: [{ name: 'row_number', as: 'number' as const }],
  annotate: (rows: readonly unknown[], first: number) => rows.map((_, i) => [first + i]),
};

/** Writes parquet and moves it, so that DuckDB sees no unusual name. */
async function parquetOf(file: string, text: string): Promise<void> {
  const plain = path.join(temporaryFolder(), 'plain.parquet');
  await withDuckDb((connection) =>
    connection.run(`COPY (SELECT '${text}' AS name, 1 AS one) TO '${plain}' (FORMAT parquet)`),
  );
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, readFileSync(plain));
}

async function namesOf(file: string): Promise<unknown> {
  return (await readTable(file)).columns.get('name')?.values;
}

describe('a name is taken literally:', () => {
  it('of CSV', async () => {
    const folder = temporaryFolder();
    for (const name of DECOYS) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, `${name}.csv`), 'name,one\ndecoy,1\n');
    }
    for (const name of NAMES) {
      const file = path.join(folder, `${name}.csv`);
      writeFileSync(file, 'name,one\nright,1\n');
      expect(await namesOf(file), name).toEqual(['right']);
    }
  });

  it('of a parquet input and of a parquet output', async () => {
    const folder = temporaryFolder();
    for (const name of DECOYS) await parquetOf(path.join(folder, `${name}.parquet`), 'decoy');
    for (const name of NAMES) {
      const file = path.join(folder, `${name}.parquet`);
      await parquetOf(file, 'right');
      expect(await namesOf(file), name).toEqual(['right']);
      const output = path.join(folder, `${name}-out.parquet`);
      await annotateFile(file, output, NUMBERED);
      expect(await namesOf(output), output).toEqual(['right']);
    }
    expect(readdirSync(folder).filter((file) => file.includes('partial'))).toEqual([]);
  });

  it.each(['year=2024', 'a[1]', 'x*', '~', "it's"])('of a folder %s', async (name) => {
    const folder = path.join(temporaryFolder(), name);
    await parquetOf(path.join(folder, 'hours.parquet'), 'right');
    const table = await readTable(path.join(folder, 'hours.parquet'));
    expect([...table.columns.keys()]).toEqual(['name', 'one']);
  });
});

describe('an address', () => {
  it.each(['a b.csv', 'a#b.csv', 'a?b.csv', '%41.csv', 'é[1].csv'])('of %s is decoded once', async (name) => {
    const file = path.join(temporaryFolder(), name);
    writeFileSync(file, 'name,one\nright,1\n');
    expect(await namesOf(pathToFileURL(file).href)).toEqual(['right']);
  });

  it.each([
    ['file:///tmp/a#b.csv', /# starts a fragment in an address.*write %23 for a # in the name/],
    ['file:///tmp/a?b.csv', /\? starts a query in an address.*write %3F for a \? in the name/],
    ['file:///tmp/%E9%.csv', /expected an address file:\/\/\/folder\/file/],
    ['file://server/a.csv', /expected an address file:\/\/\/folder\/file/],
    ['s3://bucket/a.csv', /"s3:\/\/bucket\/a\.csv": expected a path or an address file:\/\/\//],
    ['https://example.org/a.parquet', /expected a path or an address file:\/\/\//],
  ])('%s is rejected with what to write', (address, message) => {
    expect(() => tableFile(address)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });
});

it('a name that DuckDB cannot use is rejected with what to do', async () => {
  const file = path.join(temporaryFolder(), 'a\\b[1].parquet');
  await parquetOf(file, 'right');
  await expect(readTable(file)).rejects.toThrow(/has a backslash and one of .*: rename the file/);
});

it('a file that is not regular is not read', () => {
  // A device has no end, and a pipe cannot be read twice.
  const file = path.join(temporaryFolder(), 'zero.csv');
  expect(() => tableFile(linked('/dev/zero', file))).toThrow(/zero\.csv is not a regular file/);
});

it('a table in memory is read', async () => {
  const table = await readTextTable(csvOf('noaa.csv', '\uFEFFDATE,TMAX\n2025-01-01,\n'));
  expect(table).toEqual({
    columns: ['DATE', 'TMAX'],
    rows: [{ cells: ['2025-01-01', ''], place: 'line 2' }],
  });
  await expect(readTextTable(csvOf('noaa.csv', ''))).rejects.toThrow(/noaa\.csv is empty/);
});

function linked(target: string, file: string): string {
  symlinkSync(target, file);
  return file;
}
