import { expect, it } from 'vitest';
import { progressOf } from '../../../console/web/src/format/heartbeat.ts';

it('reads epochs with their loss', () => {
  expect(progressOf({ epoch: 5, epochs: 20, loss: 0.0213, checkpoint: null })).toEqual({
    share: 0.25,
    text: 'epoch 5 of 20, loss 0.0213',
  });
});

it('reads items of a whole out of a list of details', () => {
  expect(progressOf([{ done: 3, total: 12 }])).toEqual({ share: 0.25, text: '3 of 12' });
});

it.each([[undefined], [null], ['soon'], [{}], [[]]])('knows nothing of %j', (heartbeat) => {
  expect(progressOf(heartbeat)).toBeUndefined();
});
