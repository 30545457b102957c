/** Tests networks of layers that the product does not compile, computed by TensorFlow.js. */
import { expect, it } from 'vitest';
import type { ModelFiles } from '../../../inference/loaded-model.ts';
import {
  served,
  startService,
  predictTrip,
  MemoryUpstreams,
  MODEL,
  TRIP,
  type Answer,
} from './test-service.ts';
import { BETA, normalisedFiles, tripsAt } from './normalised-model.ts';

function upstreamsOf(files: ModelFiles): MemoryUpstreams {
  const upstreams = new MemoryUpstreams();
  upstreams.source.download = async () => files;
  upstreams.want('1');
  return upstreams;
}

it('computes a network with a layer that is not compiled, and names the engine', async () => {
  const service = await startService({ upstreams: upstreamsOf(await normalisedFiles()) });
  await served(service, '1');
  const { predictions } = (await predictTrip(service.app, [TRIP, { ...TRIP, TMAX: 50 }])).json<Answer>();
  for (const [i, expected] of [tripsAt(40), tripsAt(50)].entries()) {
    expect(Math.abs(predictions[i]!.prediction - expected) / expected).toBeLessThan(1e-5);
  }
  const info = await service.app.inject(`/v1/models/${MODEL}`);
  expect(info.json()).toMatchObject({ version: '1', forward_pass: 'tensorflow' });
});

it('does not serve such a network if its golden request has another answer', async () => {
  const files = await normalisedFiles();
  const floats = new Float32Array(new Uint8Array(files['weights.bin']!).buffer);
  const at = floats.indexOf(BETA);
  floats[at] = BETA + 1;
  const broken = { ...files, 'weights.bin': new Uint8Array(floats.buffer) };
  const { app } = await startService({ upstreams: upstreamsOf(broken) });
  await expect.poll(() => app.models.status.lastFailure?.message).toMatch(/golden request/);
  expect(app.models.served).toBeUndefined();
});
