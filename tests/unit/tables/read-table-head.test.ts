/** Tests that a hostile table cannot stop the process that previews it. */
import { expect, it } from 'vitest';
import { readTableHead } from '../../../adapters/tables/read-table-head.ts';
import { largePage, longRun, manyValues, MOST_VALUES } from '../../fixtures/hostile-parquet.ts';

const ranged = (bytes: Uint8Array) => ({
  bytes: bytes.length,
  range: async (from: number, to: number) => bytes.subarray(from, to),
});
const csv = ranged(Buffer.from('a,b\n1,x\n'));

it('reads tables one after the other', async () => {
  for (let i = 0; i < 3; i += 1)
    expect(await readTableHead('csv', csv)).toMatchObject({ rows: 1, head: [['1', 'x']] });
  expect(await readTableHead('parquet', ranged(manyValues(50)))).toMatchObject({ rows: 50 });
});

it.each([
  ['more values than memory', manyValues(MOST_VALUES)],
  ['a run longer than its page', longRun()],
])(
  'stops at %s while the process goes on, and reads the next table',
  async (_, bytes) => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 20);
    await expect(readTableHead('parquet', ranged(bytes))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        /^cannot read the table: its values need more than \d+ (s|MB)/,
      ) as string,
    });
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(2);
    expect(await readTableHead('csv', csv)).toMatchObject({ rows: 1 });
  },
  30_000,
);

it('shows no rows of a page that announces more bytes than a page may have', async () => {
  expect(await readTableHead('parquet', ranged(largePage()))).toMatchObject({ rows: 50, head: null });
});

it('passes on why the bytes could not be read, and the next table is read', async () => {
  const outage = new Error('S3 does not answer');
  const range = () => Promise.reject(outage);
  await expect(readTableHead('csv', { bytes: 10, range })).rejects.toBe(outage);
  await expect(readTableHead('parquet', ranged(Buffer.from('no parquet')))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(await readTableHead('csv', csv)).toMatchObject({ rows: 1 });
});
