import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoggedPrediction } from '../../../adapters/postgres/prediction-log.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { PredictionQueue, type AnsweredRequest } from '../../../inference/prediction-queue.ts';

function requestOf(requestId: string, rows: number): AnsweredRequest {
  const row = (rowIndex: number): LoggedPrediction => ({
    requestId,
    rowIndex,
    predictedAt: new Date(0),
    model: 'm',
    version: '1',
    system: 'nyc',
    targetHour: '2025-01-15T08:00:00',
    features: {},
    prediction: 1,
    latencyMs: 1,
  });
  return { rows, spread: () => Array.from({ length: rows }, (_, i) => row(i)) };
}

function queueWith(write: (rows: readonly LoggedPrediction[]) => Promise<void>, capacity = 100) {
  const counts = { written: 0, dropped: 0 };
  const queue = new PredictionQueue({
    write,
    capacity,
    flushMs: 60_000,
    onWritten: (rows) => (counts.written += rows),
    onDropped: (rows) => (counts.dropped += rows),
    log: { warn: () => undefined },
  });
  onTestFinished(() => queue.close(0));
  return { queue, counts };
}

describe('the queue of the prediction log', () => {
  it('drops and counts a request that does not fit', async () => {
    const { queue, counts } = queueWith(async () => undefined, 10);
    queue.add(requestOf('a', 8));
    queue.add(requestOf('b', 3));
    await queue.flush();
    expect(counts).toEqual({ written: 8, dropped: 3 });
    expect(queue.size).toBe(0);
  });

  it('writes in batches of about a thousand rows, in order', async () => {
    const batches: number[] = [];
    const { queue } = queueWith(async (rows) => void batches.push(rows.length), 10_000);
    for (let i = 0; i < 30; i++) queue.add(requestOf(String(i), 50));
    await queue.flush();
    expect(batches).toEqual([1_000, 500]);
  });

  it('keeps rows while Postgres is down and writes them when it is back', async () => {
    let down = true;
    const { queue, counts } = queueWith(async () => {
      if (down) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'connection refused');
    });
    queue.add(requestOf('a', 2));
    await queue.flush();
    expect([queue.size, counts]).toEqual([2, { written: 0, dropped: 0 }]);
    down = false;
    await queue.flush();
    expect([queue.size, counts]).toEqual([0, { written: 2, dropped: 0 }]);
  });

  it('gives up rows that Postgres refuses, so that they do not stand in the way of others', async () => {
    const { queue, counts } = queueWith(async (rows) => {
      if (rows[0]!.requestId === 'bad') throw new CitibikeError('UPSTREAM_REFUSED', 'out of range');
    });
    queue.add(requestOf('bad', 1));
    await queue.flush();
    queue.add(requestOf('good', 1));
    await queue.flush();
    expect(counts).toEqual({ written: 1, dropped: 1 });
  });

  it('closes in time when Postgres does not answer, and counts what is lost', async () => {
    const { queue, counts } = queueWith(() => new Promise(() => undefined));
    queue.add(requestOf('a', 4));
    await queue.close(20);
    expect(counts).toEqual({ written: 0, dropped: 4 });
  });
});
