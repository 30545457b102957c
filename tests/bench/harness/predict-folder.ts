/** Runs `citibike predict --file` with a model on disk: `node predict-folder.ts MODEL_FOLDER INPUT OUTPUT`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { predictFile } from '../../../activities/predict/predict-file.ts';
import { tensorflowNetwork } from '../../../adapters/tensorflow/tensorflow-network.ts';
import { loadModelFiles } from '../../../core/serving/serving-model.ts';

const [folder, input, output] = process.argv.slice(2);
if (folder === undefined || input === undefined || output === undefined)
  throw new Error('usage: predict-folder.ts MODEL_FOLDER INPUT OUTPUT');
const files = readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name))] as const);
const model = await loadModelFiles(Object.fromEntries(files), tensorflowNetwork);
await predictFile(model, input, output);
