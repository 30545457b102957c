/** Builds a model whose network has a layer that the product does not compile. */
import * as tfModule from '@tensorflow/tfjs';
import type { ModelFiles } from '../../../contracts/model.ts';
import { BASIC_FEATURES } from '../../../core/features/basic-features.ts';
import { tinyModelFiles } from './tiny-model.ts';

const tf = (tfModule as unknown as { default?: typeof tfModule }).default ?? tfModule;

/** Holds the parameters of the normalisation (mean, variance, factor, addend) and its trips for TMAX 40 and 50, computed by hand. */
const [MEAN, VARIANCE, EPSILON, GAMMA] = [100, 4, 0.001, 3] as const;
export const BETA = 5_000;
export const tripsAt = (tmax: number) => BETA + (GAMMA * (10 * tmax - MEAN)) / Math.sqrt(VARIANCE + EPSILON);

/** Returns a model with trips = 10 · TMAX, then batch normalisation, which the product does not compile. */
export async function normalisedFiles(): Promise<ModelFiles> {
  await tf.setBackend('cpu');
  const input = tf.input({ shape: [BASIC_FEATURES.length] });
  const dense = tf.layers.dense({ units: 1 });
  const normalise = tf.layers.batchNormalization({ epsilon: EPSILON });
  const model = tf.model({
    inputs: input,
    outputs: normalise.apply(dense.apply(input)) as tfModule.SymbolicTensor,
  });
  const kernel = BASIC_FEATURES.map((name) => [name === 'TMAX' ? 10 : 0]);
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
