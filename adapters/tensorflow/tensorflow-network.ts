/** Computes networks whose layers this project does not compile, with TensorFlow.js on its CPU backend. */
import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { MODEL_FILES, type ComputedNetwork, type ModelFiles } from '../../contracts/model.ts';

/**
 * Loads TensorFlow.js on first use, because it takes 60 MB, and ten times as long per row as compiled code.
 * @param files files of a version, as a layers model.
 * @throws CitibikeError BAD_MODEL if TensorFlow.js cannot load them, or if they do not map rows of numbers to rows of numbers.
 */
export async function tensorflowNetwork(files: ModelFiles): Promise<ComputedNetwork> {
  // The package's entry point for Node is a CommonJS module.
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tfjs;
  tf.enableProdMode();
  // The CPU backend is synchronous, so one version answers the whole request, without a promise per row.
  await tf.setBackend('cpu');
  const model = await load(tf, files);
  const [features, heads] = [sizeOf(model.inputs), sizeOf(model.outputs)];
  if (features === undefined || heads === undefined) {
    throw new CitibikeError(
      'BAD_MODEL',
      `model.json: expected one input of shape [null, features] and one output of shape [null, heads], got ${shapesOf(model.inputs)} and ${shapesOf(model.outputs)}`,
    );
  }
  return {
    features,
    heads,
    run: (row) =>
      tf.tidy(() => (model.predict(tf.tensor2d(row, [1, features])) as tfjs.Tensor).dataSync<'float32'>()),
  };
}

async function load(tf: typeof tfjs, files: ModelFiles): Promise<tfjs.LayersModel> {
  try {
    const { modelTopology, weightsManifest } = JSON.parse(
      textOf(files, MODEL_FILES.topology),
    ) as tfjs.io.ModelJSON;
    return await tf.loadLayersModel({
      load: async () => ({
        modelTopology,
        weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
        // The copy is needed because the bytes may be a view of a larger buffer.
        weightData: new Uint8Array(files[MODEL_FILES.weights] ?? []).buffer,
      }),
    });
  } catch (error) {
    throw new CitibikeError(
      'BAD_MODEL',
      `model.json: this project cannot compile its layers, and TensorFlow.js cannot load it: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}

/** Returns the number of columns of the only tensor; undefined if there are several or it is not a table. */
function sizeOf(tensors: readonly tfjs.SymbolicTensor[]): number | undefined {
  const [shape, ...more] = tensors.map((tensor) => tensor.shape);
  return shape?.length === 2 && more.length === 0 ? (shape[1] ?? undefined) : undefined;
}

const shapesOf = (tensors: readonly tfjs.SymbolicTensor[]): string =>
  JSON.stringify(tensors.map(({ shape }) => shape));

const textOf = (files: ModelFiles, name: string): string => new TextDecoder().decode(files[name]);
