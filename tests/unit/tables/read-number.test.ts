/** Compares with Python's float(), whose values `fixtures/make_numbers.py` wrote. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNumber } from '../../../adapters/tables/read-number.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Written = readonly [text: string, bits: string];

const NUMBERS = new Map<string, Written[]>();
for (const line of readFileSync(path.join(import.meta.dirname, 'fixtures', 'numbers.tsv'), 'utf8')
  .trim()
  .split('\n')) {
  const [kind, text, bits] = line.split('\t') as [string, string, string];
  NUMBERS.set(kind, [...(NUMBERS.get(kind) ?? []), [text, bits]]);
}

const doubleOf = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE();

/** Returns the text with a terminator. */
function read(text: string): { value: number; end: number } {
  const into = new Float64Array(1);
  const end = readNumber(Buffer.from(`${text},`), 0, into, 0);
  return { value: into[0]!, end };
}

describe.each([...NUMBERS])('numbers of %s', (kind, numbers) => {
  it('are read to the last bit, or not at all', () => {
    const wrong = numbers.filter(([text, bits]) => {
      const { value, end } = read(text);
      return !Number.isNaN(value) && !(Object.is(value, doubleOf(bits)) && end === text.length);
    });
    expect(wrong).toEqual([]);
  });

  it.each([0, Infinity])(
    'are read to the last bit from a file that is read without a parser from %s bytes',
    async (plainBytes) => {
      const file = path.join(temporaryFolder(), 'numbers.csv');
      writeFileSync(file, `x,y\n${numbers.map(([text]) => `${text},${text}\n`).join('')}`);
      const values = (await readTable(file, { plainBytes })).columns.get('y')!.values;
      const wrong = numbers.filter(([, bits], i) => !Object.is(values[i], doubleOf(bits)));
      expect([values.length, wrong, kind]).toEqual([numbers.length, [], kind]);
    },
  );
});

describe('a plain number', () => {
  it.each(['-12.5', '-0', '007', '.5', '7.', '123456789012345', '0.00001234567890'])('is %s', (text) =>
    expect(read(text)).toEqual({ value: Number(text), end: text.length }),
  );

  it.each(['1e22', '1.5e-05', '0.30000000000000004', '0.000012345678901', '9007199254740993'])(
    'may be %s, which Number converts',
    (text) => expect(read(text)).toEqual({ value: NaN, end: text.length }),
  );

  it.each(['', '-', '.', '-.', 'e5', 'NaN', 'inf', '+1'])('is not %j', (text) =>
    expect(read(text)).toEqual({ value: NaN, end: 0 }),
  );

  it('ends before the first other character', () => {
    expect(read('12.5.7')).toEqual({ value: 12.5, end: 4 });
    expect(read('12 ')).toEqual({ value: 12, end: 2 });
    expect(read('1e+')).toEqual({ value: 1, end: 1 });
  });
});
