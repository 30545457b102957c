/** Compares the scan with a slow oracle that inspects the result of `JSON.parse`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScan, type BrokenLimit, type JsonLimits } from '../../../adapters/fastify/json-bounds.ts';
import { parseInSlices } from '../../../adapters/fastify/json-in-slices.ts';

const LIMITS: JsonLimits = { depth: 4, rows: 6, values: 8, textBytes: 12 };
const WIDE: JsonLimits = { depth: 8, rows: 100_000, values: 64, textBytes: 1_024 };

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
const textBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value).replace(/^"|"$/g, ''));
const depthOf = (value: unknown): number =>
  isContainer(value) ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
const valuesIn = (value: unknown): number =>
  isContainer(value) ? Object.values(value).reduce((sum: number, one) => sum + 1 + valuesIn(one), 0) : 0;
const longestText = (value: unknown): number => {
  if (!isContainer(value)) return textBytes(value);
  const keys = Array.isArray(value) ? [] : Object.keys(value).map(textBytes);
  return Math.max(0, ...keys, ...Object.values(value).map(longestText));
};

function isWithin(value: unknown, limits: JsonLimits): boolean {
  if (depthOf(value) > limits.depth || longestText(value) > limits.textBytes) return false;
  const members = isContainer(value) && !Array.isArray(value) ? Object.values(value) : [];
  const rows = members.filter((member) => Array.isArray(member)).flat() as unknown[];
  const inRows = rows.reduce((sum: number, row) => sum + 1 + valuesIn(row), 0);
  if (rows.length > limits.rows || rows.some((row) => valuesIn(row) > limits.values)) return false;
  return valuesIn(value) - inRows <= limits.values;
}

function scan(text: string | Buffer, limits: JsonLimits, chunkBytes = Infinity): BrokenLimit | undefined {
  const bytes = Buffer.from(text as string);
  const judge = new JsonScan(limits);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const broken = judge.push(bytes.subarray(at, at + chunkBytes));
    if (broken) return broken;
  }
  return undefined;
}

const text = fc.string({ unit: 'binary', maxLength: 14 });
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(true, null),
      text,
    ),
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(text, tie('value'), { maxKeys: 10 }),
  ),
})).value;
const body = fc.oneof(json, fc.dictionary(text, fc.array(json, { maxLength: 9 }), { maxKeys: 3 }));

describe('the scan', () => {
  it('accepts exactly the texts that the limits allow, for any chunks', () => {
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1, 2), (value, chunk, indent) => {
        const written = JSON.stringify(value, null, indent);
        expect(scan(written, LIMITS, chunk) === undefined).toBe(isWithin(JSON.parse(written), LIMITS));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reports the same limit at the same byte for any chunks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (bytes, chunk) => {
        const noise = Buffer.from(bytes.map((byte) => '{}[]":,\\ 1a'.charCodeAt(byte % 11)));
        expect(scan(noise, LIMITS, chunk)).toEqual(scan(noise, LIMITS));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['depth', '{"a":[[[[1]]]]}', 'depth', 0],
    ['rows', '{"a":[1,1,1],"b":[1,1,1,1]}', 'rows', 6],
    ['fields of a row', `{"a":[1,{${Array.from({ length: 9 }, (_, i) => `"${i}":1`).join()}}]}`, 'values', 1],
    [
      'fields of the body',
      `{${Array.from({ length: 9 }, (_, i) => `"${i}":1`).join()}}`,
      'values',
      undefined,
    ],
    ['the same key again and again', `{"a":[{${'"k":1,'.repeat(9)}"k":1}]}`, 'values', 0],
    ['a long string', `{"a":"${'x'.repeat(13)}"}`, 'textBytes', undefined],
    ['an escaped string', `{"a":"${'\\u0061'.repeat(3)}"}`, 'textBytes', undefined],
    ['a long key', `{"${'x'.repeat(13)}":1}`, 'textBytes', undefined],
    ['a huge number', `{"a":[1,2,1${'0'.repeat(12)}]}`, 'textBytes', 2],
    ['a gap', `{"a":[1,${' '.repeat(13)}2]}`, 'textBytes', 0],
  ])('names the place of the excess: %s', (_what, written, limit, row) => {
    expect(scan(written, LIMITS)).toMatchObject({ limit, row });
  });

  it.each(['\ufeff{"a":1}', '1e999', 'NaN', '"\\ud800"', '{"__proto__":1}', ''])(
    'leaves texts within the bounds to the parser: %j',
    (written) => {
      expect(scan(written, LIMITS)).toBeUndefined();
    },
  );
});

describe('a body parsed in slices', () => {
  const parsed = async (written: Buffer): Promise<unknown> => {
    const judge = new JsonScan(WIDE);
    if (judge.push(written)) return 'beyond the limits';
    const parse = (slice: string): unknown => JSON.parse(slice);
    return parseInSlices(written, judge.rowLists, parse).catch(() => 'no JSON');
  };
  const whole = (written: Buffer): unknown => {
    try {
      return JSON.parse(written.toString('utf8')) as unknown;
    } catch {
      return 'no JSON';
    }
  };
  const many = fc.record({
    before: fc.dictionary(text, fc.array(fc.integer(), { maxLength: 3 }), { maxKeys: 2 }),
    rows: fc.array(json, { minLength: 1, maxLength: 8 }),
    again: fc.boolean(),
    indent: fc.constantFrom(0, 1),
  });
  const written = ({
    before,
    rows,
    again,
    indent,
  }: typeof many extends fc.Arbitrary<infer T> ? T : never) => {
    const repeated = Array.from(
      { length: Math.ceil(100_000 / JSON.stringify(rows).length) },
      () => rows,
    ).flat();
    const list = JSON.stringify(repeated, null, indent);
    const first = JSON.stringify(before).slice(1, -1);
    return `{${first}${first && ','}"rows":${list}${again ? `,"rows":[0],"more":${list}` : ''}}`;
  };

  it('equals the body parsed whole', async () => {
    await fc.assert(
      fc.asyncProperty(many, async (parts) => {
        const bytes = Buffer.from(written(parts));
        const result = await parsed(bytes);
        if (result !== 'beyond the limits') expect(result).toStrictEqual(whole(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('is rejected exactly if the whole body is rejected', async () => {
    await fc.assert(
      fc.asyncProperty(
        many,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...',[]{}"x '),
        async (parts, at, put) => {
          const bytes = Buffer.from(written(parts));
          bytes[Math.floor(at * (bytes.length - 1))] = put.charCodeAt(0);
          const result = await parsed(bytes);
          if (result !== 'beyond the limits') expect(result).toStrictEqual(whole(bytes));
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    ['a comma before nothing', (rows: string) => `{"rows":[${rows},]}`],
    ['a gap between two commas', (rows: string) => `{"rows":[${rows},${' '.repeat(900)},${rows}]}`],
    ['a bracket of the wrong kind', (rows: string) => `{"rows":[${rows}}}`],
  ])('is rejected with %s', async (_what, make) => {
    const rows = `${'1,'.repeat(40_000)}1`;
    expect(await parsed(Buffer.from(make(rows)))).toBe('no JSON');
  });
});
