/** Tests networks that are not compiled, with which the worker compares, proves and predicts files. */
import { expect, it } from 'vitest';
import { tensorflowNetwork } from '../../../adapters/tensorflow/tensorflow-network.ts';
import { loadModelFiles } from '../../../core/serving/serving-model.ts';
import { normalisedFiles, tripsAt } from '../inference/normalised-model.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';

const never = (): never => {
  throw new Error('nothing else was to be asked');
};
const hourOf = (tmax: number) => ({
  date: '2025-01-15',
  hour: 8,
  weather: { TMAX: tmax, TMIN: 30, SNOW: 0 },
});

it('are computed by another engine, and proven by their golden request', async () => {
  const model = await loadModelFiles(await normalisedFiles(), tensorflowNetwork);
  expect(model.forwardPass).toBe('tensorflow');
  const predictions = model.predict([40, 55].map(hourOf));
  for (const [i, expected] of [tripsAt(40), tripsAt(55)].entries())
    expect(Math.abs(predictions[i]!.prediction - expected) / expected).toBeLessThan(1e-5);
});

it('a compiled network uses no other engine', async () => {
  const model = await loadModelFiles(tinyModelFiles({ base: 1 }), never);
  expect(model.forwardPass).toBe('simd');
});

it('broken files reach no other engine', async () => {
  const { 'weights.bin': _weights, ...files } = tinyModelFiles({ base: 1 });
  await expect(loadModelFiles(files, never)).rejects.toMatchObject({
    code: 'BAD_MODEL',
    message: expect.stringContaining('weights.bin is missing') as string,
  });
});
