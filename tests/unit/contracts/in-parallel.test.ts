import { expect, test } from 'vitest';
import { inParallel } from '../../../contracts/in-parallel.ts';

test('answers come in the order of the items, whichever finishes first', async () => {
  const answers = await inParallel([30, 5, 15], 3, async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  });
  expect(answers).toEqual([30, 5, 15]);
});

test('at most `width` items run at a time', async () => {
  let running = 0;
  let most = 0;
  await inParallel(Array.from({ length: 20 }), 4, async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
  });
  expect(most).toBe(4);
});

test('an error of one item rejects the whole', async () => {
  const failing = inParallel([1, 2, 3], 2, async (n) => {
    if (n === 2) throw new Error('second');
  });
  await expect(failing).rejects.toThrow('second');
});
