import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../client/read-table.ts';
import { readTables } from '../../../client/read-tables.ts';
import type { Column, NumericColumn } from '../../../core/drift/table.ts';
import { temporaryFolder } from '../csv/temporary-folder.ts';

const LINE = '12.5,member,,true\n-3,casual,7,false\n';
/** 1.8 MB, more than a piece that is read at a time; read on a thread of its own all the same. */
const PAIRS = 50_000;
const ALWAYS = 0;

function csv(name: string, end = ''): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, `x,kind,gaps,flag\n${LINE.repeat(PAIRS)}${end}`);
  return file;
}

describe('two tables read side by side', () => {
  it('are what they are when read alone, with their numbers sorted', async () => {
    const file = csv('large.csv');
    const alone = await readTable(file);
    const [reference, current] = await readTables(file, file, [], ALWAYS);
    for (const table of [reference, current]) {
      expect([table.rows, [...table.columns.keys()]]).toEqual([2 * PAIRS, ['x', 'kind', 'gaps', 'flag']]);
      for (const [name, column] of table.columns)
        expect(Buffer.compare(bytesOf(column), bytesOf(alone.columns.get(name)!)), name).toBe(0);
    }
    expect(current.columns.get('kind')).toMatchObject({ categories: ['member', 'casual'] });
    const { sorted } = current.columns.get('gaps') as NumericColumn;
    expect([sorted?.length, sorted?.every((value) => value === 7)]).toEqual([PAIRS, true]);
  });

  it('are refused for what is wrong in either, the one that the thread reads among them', async () => {
    const [whole, broken] = [csv('whole.csv'), csv('broken.csv', '1,2\n')];
    const refusal = {
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/broken.csv, record 100002: got 2 fields, the header has 4/) as string,
    };
    await expect(readTables(whole, broken, [], ALWAYS)).rejects.toMatchObject(refusal);
    await expect(readTables(broken, whole, [], ALWAYS)).rejects.toMatchObject(refusal);
  });
});

function bytesOf(column: Column): Uint8Array {
  const values = column.type === 'num' ? column.values : column.codes!;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
