/** Chooses and loads TensorFlow.js: the native addon if it loads, else WebAssembly, else plain JavaScript. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import type * as tfjsWasm from '@tensorflow/tfjs-backend-wasm';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import type { BackendChoice, BackendName } from './trainer-protocol.ts';

export type TensorFlow = typeof tfjs;

// The packages' entry points for Node are CommonJS.
const require = createRequire(import.meta.url);

/** Checks whether the native package has its addon, which an install script downloads or builds. Loading may still fail. */
export function hasNativeAddon(): boolean {
  try {
    return existsSync(path.join(path.dirname(require.resolve('tfjs-node-native/package.json')), 'lib'));
  } catch (error) {
    // The package is optional.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}

async function loadNative(): Promise<TensorFlow> {
  // tfjs-node 4.22 calls this helper, which Node 23 removed.
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require('tfjs-node-native') as TensorFlow;
  await use(tf, 'tensorflow');
  return tf;
}

async function loadWasm(): Promise<TensorFlow> {
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof tfjsWasm;
  wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${path.sep}`);
  await use(tf, 'wasm');
  return tf;
}

async function loadCpu(): Promise<TensorFlow> {
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  await use(tf, 'cpu');
  return tf;
}

async function use(tf: TensorFlow, backend: string): Promise<void> {
  tf.enableProdMode();
  if (!(await tf.setBackend(backend)))
    throw new Error(`TensorFlow.js could not start its backend ${backend}`);
  await tf.ready();
}

const LOADERS: Readonly<Record<BackendName, () => Promise<TensorFlow>>> = {
  native: loadNative,
  wasm: loadWasm,
  cpu: loadCpu,
};

/**
 * Loads a backend and returns its name, which the model records. 'auto' takes the first that loads.
 * @throws CitibikeError BAD_SETTING if the chosen backend does not load.
 */
export async function loadTensorFlow(
  choice: BackendChoice,
): Promise<{ tf: TensorFlow; backend: BackendName }> {
  const order: readonly BackendName[] = choice === 'auto' ? ['native', 'wasm', 'cpu'] : [choice];
  const reasons: string[] = [];
  for (const backend of order) {
    try {
      return { tf: await LOADERS[backend](), backend };
    } catch (error) {
      reasons.push(`${backend}: ${messageOf(error).split('\n')[0]}`);
    }
  }
  throw new CitibikeError(
    'BAD_SETTING',
    `setting TFJS_BACKEND: got ${showValue(choice)}, which does not load on this machine (${reasons.join('; ')}). Use 'auto', or install it.`,
    { name: 'TFJS_BACKEND', value: choice },
  );
}
