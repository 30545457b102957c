import { expect, it } from 'vitest';
import { progressOf } from '../../../console/web/src/format/heartbeat-progress.ts';

it('reads epochs with their loss', () => {
  expect(progressOf({ epoch: 5, epochs: 20, loss: 0.0213, checkpoint: null })).toEqual({
    share: 0.25,
    text: 'epoch 5 of 20, loss 0.0213',
  });
});

it('reads trial and epoch of a search', () => {
  // 2 of 8 trials are done, and the third is halfway: (2 + 0.5) / 8.
  const said = { trial: 5, done: 2, total: 8, epoch: 10, epochs: 20, loss: 0.5 };
  expect(progressOf(said)).toEqual({ share: 0.3125, text: 'trial 3 of 8, epoch 10 of 20, loss 0.5' });
});

it('reads items of a total from a list of details', () => {
  expect(progressOf([{ done: 3, total: 12 }])).toEqual({ share: 0.25, text: '3 of 12' });
});

it.each([[undefined], [null], ['soon'], [{}], [[]]])('returns undefined for %j', (heartbeat) => {
  expect(progressOf(heartbeat)).toBeUndefined();
});
