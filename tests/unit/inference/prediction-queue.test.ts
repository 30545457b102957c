import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoggedPrediction } from '../../../adapters/postgres/prediction-batch.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { PredictionQueue } from '../../../inference/prediction-queue.ts';
import { rowsOf } from './copied-rows.ts';

const rowOf = (requestId: string): LoggedPrediction => ({
  requestId,
  rowIndex: 0,
  predictedAt: new Date(0),
  model: 'm',
  version: '1',
  system: 'nyc',
  targetHour: '2025-01-15T08:00:00',
  features: {},
  prediction: 1,
  latencyMs: 1,
});

/** Header 19, end 2, and a row of one-letter texts: 2 + 10 lengths of 4 + texts 1 + 1 + 3 + 1 + 3 + numbers 4 + 4 × 8 = 87. */
const ROW_BYTES = 87;
/** Room is asked for 3 bytes a character of id and features, of which one is used. */
const BATCH_BYTES = 19 + 2 + 10 * ROW_BYTES + 6;

function queueWith(write: (ids: readonly string[]) => Promise<void>, batches = 3) {
  const counts = { written: 0, dropped: 0 };
  const queue = new PredictionQueue({
    write: (batch) => write(rowsOf(batch).map(({ requestId }) => requestId)),
    batches,
    batchBytes: BATCH_BYTES,
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
  it('writes in batches, in order', async () => {
    const batches: string[] = [];
    const { queue } = queueWith(async (ids) => void batches.push(ids.join('')));
    for (const letter of LETTERS) queue.add(rowOf(letter));
    await queue.flush();
    expect(batches).toEqual(['abcdefghij', 'klmnopqrst', 'uvwxyz']);
  });

  it('drops and counts rows that do not fit', async () => {
    const { queue, counts } = queueWith(async () => undefined, 2);
    for (const letter of LETTERS) queue.add(rowOf(letter));
    expect([queue.size, counts]).toEqual([20, { written: 0, dropped: 6 }]);
    await queue.flush();
    expect([queue.size, counts]).toEqual([0, { written: 20, dropped: 6 }]);
  });

  it('drops and counts a row that is longer than a whole batch', () => {
    const { queue, counts } = queueWith(async () => undefined);
    queue.add({ ...rowOf('a'), features: { note: 'x'.repeat(BATCH_BYTES) } });
    expect([queue.size, counts]).toEqual([0, { written: 0, dropped: 1 }]);
  });

  it('takes rows while a batch is being written, and leaves that batch alone', async () => {
    const written: string[] = [];
    let goOn = (): void => undefined;
    const { queue } = queueWith(async (ids) => {
      await new Promise<void>((resolve) => (goOn = resolve));
      written.push(ids.join(''));
    });
    queue.add(rowOf('a'));
    const flushed = queue.flush();
    queue.add(rowOf('b'));
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
    queue.add(rowOf('a'));
    await queue.flush();
    queue.add(rowOf('b'));
    await queue.flush();
    expect([queue.size, counts]).toEqual([2, { written: 0, dropped: 0 }]);
    down = false;
    await queue.flush();
    expect([queue.size, counts]).toEqual([0, { written: 2, dropped: 0 }]);
  });

  it('gives up rows that Postgres refuses, so that they do not stand in the way of others', async () => {
    const { queue, counts } = queueWith(async (ids) => {
      if (ids[0] === 'x') throw new CitibikeError('UPSTREAM_REFUSED', 'out of range');
    });
    queue.add(rowOf('x'));
    await queue.flush();
    queue.add(rowOf('a'));
    await queue.flush();
    expect(counts).toEqual({ written: 1, dropped: 1 });
  });

  it('closes in time when Postgres does not answer, and counts what is lost', async () => {
    const { queue, counts } = queueWith(() => new Promise(() => undefined));
    queue.add(rowOf('a'));
    queue.add(rowOf('b'));
    await queue.close(20);
    expect(counts).toEqual({ written: 0, dropped: 2 });
  });
});
