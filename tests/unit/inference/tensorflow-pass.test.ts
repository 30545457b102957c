/** Networks of layers that we do not compile, answered by TensorFlow.js. */
import * as tfModule from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { SEED_FEATURES } from '../../../core/features/seed-features.ts';
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
import { tinyModelFiles } from './tiny-model.ts';

const tf = (tfModule as unknown as { default?: typeof tfModule }).default ?? tfModule;

/** Mean and variance that the network normalises by, what it multiplies and adds then: trips for TMAX 40 and 50, by hand. */
const [MEAN, VARIANCE, EPSILON, GAMMA, BETA] = [100, 4, 0.001, 3, 5_000] as const;
const tripsAt = (tmax: number) => BETA + (GAMMA * (10 * tmax - MEAN)) / Math.sqrt(VARIANCE + EPSILON);

/** trips = 10 · TMAX, then batch normalisation, which we do not compile. */
async function normalisedFiles(): Promise<ModelFiles> {
  await tf.setBackend('cpu');
  const input = tf.input({ shape: [SEED_FEATURES.length] });
  const dense = tf.layers.dense({ units: 1 });
  const normalise = tf.layers.batchNormalization({ epsilon: EPSILON });
  const model = tf.model({
    inputs: input,
    outputs: normalise.apply(dense.apply(input)) as tfModule.SymbolicTensor,
  });
  const kernel = SEED_FEATURES.map((name) => [name === 'TMAX' ? 10 : 0]);
  dense.setWeights([tf.tensor2d(kernel), tf.tensor1d([0])]);
  normalise.setWeights([GAMMA, BETA, MEAN, VARIANCE].map((value) => tf.tensor1d([value])));
  const files: Record<string, Uint8Array> = { ...tinyModelFiles({ base: 0, withInterval: false }) };
  await model.save({
    save: async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      files['model.json'] = Buffer.from(JSON.stringify({ modelTopology, weightsManifest }));
      files['weights.bin'] = new Uint8Array(weightData as ArrayBuffer);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  const spec = JSON.parse(Buffer.from(files['spec.json']!).toString()) as { golden: { prediction: number } };
  spec.golden.prediction = tripsAt(40);
  files['spec.json'] = Buffer.from(JSON.stringify(spec));
  return files;
}

function upstreamsOf(files: ModelFiles): MemoryUpstreams {
  const upstreams = new MemoryUpstreams();
  upstreams.source.download = async () => files;
  upstreams.want('1');
  return upstreams;
}

it('answers by a network that has a layer which is not compiled, and says by what', async () => {
  const service = await startService({ upstreams: upstreamsOf(await normalisedFiles()) });
  await served(service, '1');
  const { predictions } = (await predictTrip(service.app, [TRIP, { ...TRIP, TMAX: 50 }])).json<Answer>();
  for (const [i, expected] of [tripsAt(40), tripsAt(50)].entries()) {
    expect(Math.abs(predictions[i]!.prediction - expected) / expected).toBeLessThan(1e-5);
  }
  const info = await service.app.inject(`/v1/models/${MODEL}`);
  expect(info.json()).toMatchObject({ version: '1', forward_pass: 'tensorflow' });
});

it('does not serve such a network when its golden request is answered otherwise', async () => {
  const files = await normalisedFiles();
  const floats = new Float32Array(new Uint8Array(files['weights.bin']!).buffer);
  const at = floats.indexOf(BETA);
  floats[at] = BETA + 1;
  const broken = { ...files, 'weights.bin': new Uint8Array(floats.buffer) };
  const { app } = await startService({ upstreams: upstreamsOf(broken) });
  await expect.poll(() => app.models.status.lastFailure?.message).toMatch(/golden request/);
  expect(app.models.served).toBeUndefined();
});
