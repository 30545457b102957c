import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoggedPrediction } from '../../../adapters/postgres/prediction-block.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { PredictionQueue } from '../../../inference/prediction-queue.ts';
import { rowsOf } from './copied-rows.ts';

const rowOf = (requestId: string): LoggedPrediction => ({
  requestId,
  rowIndex: 0,
  predictedAtMs: 0,
  targetHourMs: Date.UTC(2025, 0, 15, 8),
  features: {},
  prediction: 1,
  latencyMs: 1,
});

const VERSION_1 = { model: 'm', version: '1', system: 'nyc', timeZone: 'America/New_York', isWhatIf: false };
const VERSION_2 = { model: 'm', version: '2', system: 'nyc', timeZone: 'America/New_York', isWhatIf: false };
const CAPACITY = { rows: 10, requestIdBytes: 1_000, featureBytes: 1_000 };

function queueWith(
  write: (ids: readonly string[]) => Promise<void>,
  { blocks = 3, capacity = CAPACITY } = {},
) {
  const counts = { written: 0, dropped: 0 };
  const queue = new PredictionQueue({
    write: (block) => write(rowsOf(block).map(({ requestId }) => requestId)),
    blocks,
    capacity,
    flushMs: 60_000,
    onWritten: (rows) => (counts.written += rows),
    onDropped: (rows) => (counts.dropped += rows),
    log: { warn: () => undefined },
  });
  onTestFinished(() => queue.close(0));
  return { queue, counts };
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

describe('the queue of the prediction log', () => {
  it('writes in blocks, in order', async () => {
    const blocks: string[] = [];
    const { queue } = queueWith(async (ids) => void blocks.push(ids.join('')));
    for (const letter of LETTERS) queue.add(VERSION_1, rowOf(letter));
    await queue.flush();
    expect(blocks).toEqual(['abcdefghij', 'klmnopqrst', 'uvwxyz']);
  });

  it('writes one block per version if two versions answer in turns', async () => {
    const blocks: string[] = [];
    const { queue } = queueWith(async (ids) => void blocks.push(ids.join('')));
    for (const [i, letter] of LETTERS.slice(0, 6).entries())
      queue.add(i % 2 === 0 ? VERSION_1 : VERSION_2, rowOf(letter));
    await queue.flush();
    expect(blocks).toEqual(['ace', 'bdf']);
  });

  it.for([
    ['ids', { ...CAPACITY, requestIdBytes: 5 * 4 + 5 + 3 }],
    ['features', { ...CAPACITY, featureBytes: 5 * 4 + 5 * 2 + 6 }],
  ] as const)('starts another block when the %s fill one', async ([, capacity]) => {
    // The queue reserves 3 bytes per character, of which this text uses one.
    const blocks: string[] = [];
    const { queue } = queueWith(async (ids) => void blocks.push(ids.join('')), { capacity });
    for (const letter of LETTERS.slice(0, 8)) queue.add(VERSION_1, rowOf(letter));
    await queue.flush();
    expect(blocks).toEqual(['abcde', 'fgh']);
  });

  it('drops and counts rows that do not fit', async () => {
    const { queue, counts } = queueWith(async () => undefined, { blocks: 2 });
    for (const letter of LETTERS) queue.add(VERSION_1, rowOf(letter));
    expect([queue.size, counts]).toEqual([20, { written: 0, dropped: 6 }]);
    await queue.flush();
    expect([queue.size, counts]).toEqual([0, { written: 20, dropped: 6 }]);
  });

  it('drops and counts a row that is longer than a whole block', () => {
    const { queue, counts } = queueWith(async () => undefined);
    queue.add(VERSION_1, { ...rowOf('a'), features: { note: 'x'.repeat(1_000) } });
    expect([queue.size, counts]).toEqual([0, { written: 0, dropped: 1 }]);
  });

  it.for([
    ['a zero character', '\u0000'],
    ['half a surrogate pair', '\ud83d'],
  ])('drops and counts %s, which Postgres would accept but not return', ([, note]) => {
    const { queue, counts } = queueWith(async () => undefined);
    queue.add(VERSION_1, { ...rowOf('a'), features: { note } });
    expect([queue.size, counts]).toEqual([0, { written: 0, dropped: 1 }]);
  });

  it('accepts rows while a block is written, and does not change that block', async () => {
    const written: string[] = [];
    let goOn = (): void => undefined;
    const { queue } = queueWith(async (ids) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      written.push(ids.join(''));
    });
    queue.add(VERSION_1, rowOf('a'));
    const flushed = queue.flush();
    queue.add(VERSION_1, rowOf('b'));
    goOn();
    await expect.poll(() => written).toEqual(['a']);
    goOn();
    await flushed;
    expect(written).toEqual(['a', 'b']);
  });

  it('keeps rows while Postgres is down and writes them when it is back', async () => {
    let down = true;
    const { queue, counts } = queueWith(async () => {
      if (down) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'connection refused');
    });
    queue.add(VERSION_1, rowOf('a'));
    await queue.flush();
    queue.add(VERSION_1, rowOf('b'));
    await queue.flush();
    expect([queue.size, counts]).toEqual([2, { written: 0, dropped: 0 }]);
    down = false;
    await queue.flush();
    expect([queue.size, counts]).toEqual([0, { written: 2, dropped: 0 }]);
  });

  it('drops rows that Postgres rejects, so that they do not block others', async () => {
    const { queue, counts } = queueWith(async (ids) => {
      if (ids[0] === 'x') throw new CitibikeError('UPSTREAM_REFUSED', 'out of range');
    });
    queue.add(VERSION_1, rowOf('x'));
    await queue.flush();
    queue.add(VERSION_1, rowOf('a'));
    await queue.flush();
    expect(counts).toEqual({ written: 1, dropped: 1 });
  });

  it('closes in time if Postgres does not answer, and counts lost rows', async () => {
    const { queue, counts } = queueWith(() => new Promise(() => undefined));
    queue.add(VERSION_1, rowOf('a'));
    queue.add(VERSION_1, rowOf('b'));
    await queue.close(20);
    expect(counts).toEqual({ written: 0, dropped: 2 });
  });
});
