import { expect, it } from 'vitest';
import { InFlight } from '../../../activities/fetch/in-flight.ts';

const never = () => new AbortController().signal;

function starter() {
  const done = Promise.withResolvers<string>();
  const calls: AbortSignal[] = [];
  const start = (signal: AbortSignal) => {
    calls.push(signal);
    signal.addEventListener('abort', () => done.reject(signal.reason));
    return { progress: { bytes: 0 }, result: done.promise };
  };
  return { start, calls, done };
}

it('work of several concurrent callers is done once, and all receive its progress', async () => {
  const flight = new InFlight<string, { bytes: number }>();
  const { start, calls, done } = starter();
  const seen: { bytes: number }[] = [];
  const all = [1, 2, 3].map(() => flight.join('k', never(), start, (progress) => seen.push(progress)));
  seen[0]!.bytes = 7;
  done.resolve('done');
  expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
  expect(calls).toHaveLength(1);
  expect(seen.map(({ bytes }) => bytes)).toEqual([7, 7, 7]);
});

it('finished work is repeated for a later caller', async () => {
  const flight = new InFlight<string, object>();
  const [one, two] = [starter(), starter()];
  one.done.resolve('one');
  two.done.resolve('two');
  expect(await flight.join('k', never(), one.start, () => undefined)).toBe('one');
  expect(await flight.join('k', never(), two.start, () => undefined)).toBe('two');
});

it('work continues when one of its callers is cancelled', async () => {
  const flight = new InFlight<string, object>();
  const { start, calls, done } = starter();
  const first = new AbortController();
  const cancelled = flight.join('k', first.signal, start, () => undefined);
  const other = flight.join('k', never(), start, () => undefined);
  first.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(calls[0]?.aborted).toBe(false);
  done.resolve('done');
  expect(await other).toBe('done');
});

it('work stops when all its callers are cancelled, also at the same moment', async () => {
  const flight = new InFlight<string, object>();
  const { start, calls } = starter();
  const controller = new AbortController();
  const both = [1, 2].map(() => flight.join('k', controller.signal, start, () => undefined));
  controller.abort(new Error('cancelled'));
  const results = await Promise.allSettled(both);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(calls[0]?.aborted).toBe(true);
});
