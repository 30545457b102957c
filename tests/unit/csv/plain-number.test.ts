/** Expected values: Python's float(), as `fixtures/make_numbers.py` wrote them. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsvTable } from '../../../adapters/csv/csv-table.ts';
import { PlainNumber } from '../../../adapters/csv/plain-number.ts';
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
const plain = new PlainNumber();

/** With something that ends it. */
function read(text: string): { value: number; end: number } {
  const value = plain.read(Buffer.from(`${text},`), 0);
  return { value, end: plain.end };
}

describe.each([...NUMBERS])('numbers of %s', (kind, numbers) => {
  it('are read to the last bit, or left alone', () => {
    const wrong = numbers.filter(([text, bits]) => {
      const { value, end } = read(text);
      return !Number.isNaN(value) && !(Object.is(value, doubleOf(bits)) && end === text.length);
    });
    expect(wrong).toEqual([]);
  });

  it('are read to the last bit from a file', () => {
    const file = path.join(temporaryFolder(), 'numbers.csv');
    writeFileSync(file, `x,y\n${numbers.map(([text]) => `${text},${text}\n`).join('')}`);
    const values = readCsvTable(file).columns.get('y')!.values;
    const wrong = numbers.filter(([, bits], i) => !Object.is(values[i], doubleOf(bits)));
    expect([values.length, wrong, kind]).toEqual([numbers.length, [], kind]);
  });
});

describe('a plain number', () => {
  it('is what 15 digits and a small exponent make, without a text for Number', () => {
    const texts = ['-12.5', '123456789012345', '0.000012345678901', '1e22', '1.5e-05', '9007199254740991'];
    expect(texts.map((text) => read(text).value)).toEqual(texts.map(Number));
  });

  it.each([
    '',
    '-',
    '.',
    '-.',
    'e5',
    '1e',
    '1e+',
    'NaN',
    'inf',
    '+1',
    '9007199254740992',
    '9007199254740993',
    '1e23',
    '1e-23',
  ])('is not %j', (text) => expect(read(text).value).toBeNaN());

  it('ends where what follows is no part of it', () => {
    expect(read('12.5.7')).toEqual({ value: 12.5, end: 4 });
    expect(read('12 ')).toEqual({ value: 12, end: 2 });
  });
});
