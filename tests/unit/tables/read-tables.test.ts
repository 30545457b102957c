import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readTables } from '../../../adapters/tables/read-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

function csv(name: string, content: string): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

it('reads two tables in the given order', async () => {
  const [reference, current] = await readTables(csv('r.csv', 'x\n1\n'), csv('c.csv', 'x\n2\n3\n'));
  expect([...reference.columns.get('x')!.values]).toEqual([1]);
  expect([...current.columns.get('x')!.values]).toEqual([2, 3]);
});

it('rejects faults in either, and reports the reference first', async () => {
  const [whole, short, late] = [
    csv('whole.csv', 'a,b\n1,2\n'),
    csv('short.csv', 'a,b\n1\n'),
    // The reader reads this file to its end before the other one.
    csv('empty.csv', ''),
  ];
  await expect(readTables(whole, short)).rejects.toThrow(/short\.csv, line 2, row 1/);
  await expect(readTables(short, whole)).rejects.toThrow(/short\.csv, line 2, row 1/);
  await expect(readTables(short, late)).rejects.toThrow(/short\.csv, line 2, row 1/);
});
