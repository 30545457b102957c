/** Networks of layers that we do not compile, computed by stock TensorFlow.js on its plain backend. */
import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { MODEL_FILES, type ComputedNetwork, type ModelFiles } from '../../contracts/model.ts';

/**
 * TensorFlow.js is loaded here and not before: it takes 60 MB, and ten times as long a row as compiled code.
 * @param files of a version: those of a layers model.
 * @throws CitibikeError BAD_MODEL when TensorFlow.js cannot load them, or they do not map rows of numbers to rows of numbers.
 */
export async function tensorflowNetwork(files: ModelFiles): Promise<ComputedNetwork> {
  // The package's entry point for Node is CommonJS.
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tfjs;
  tf.enableProdMode();
  // Synchronous, so that a request is answered by one version and no promise a row is paid for.
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
        // Copied: the bytes may be a piece of a larger block.
        weightData: new Uint8Array(files[MODEL_FILES.weights] ?? []).buffer,
      }),
    });
  } catch (error) {
    throw new CitibikeError(
      'BAD_MODEL',
      `model.json: its layers are not among those that are compiled, and TensorFlow.js cannot load it either: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}

/** Columns of the only tensor; undefined where there are more, or it is not a table. */
function sizeOf(tensors: readonly tfjs.SymbolicTensor[]): number | undefined {
  const [shape, ...more] = tensors.map((tensor) => tensor.shape);
  return shape?.length === 2 && more.length === 0 ? (shape[1] ?? undefined) : undefined;
}

const shapesOf = (tensors: readonly tfjs.SymbolicTensor[]): string =>
  JSON.stringify(tensors.map(({ shape }) => shape));

const textOf = (files: ModelFiles, name: string): string => new TextDecoder().decode(files[name]);
