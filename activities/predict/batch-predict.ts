/** Predicts the rows of one input file with a registered version, and writes one output file. */
import path from 'node:path';
import type { MlflowClient } from '../../adapters/mlflow/client.ts';
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import type { BatchPrediction, BatchPredictionRequest } from '../../contracts/batch-prediction.ts';
import { loadModelFiles } from '../../core/model/serving-model.ts';
import { withTempDir } from '../common/temp-dir.ts';
import type { BatchFiles } from './batch-files.ts';
import { predictFile } from './predict-file.ts';

/** The same version and file give the same result, so running twice is running once. */
export async function batchPredict(
  { mlflow, files }: { readonly mlflow: MlflowClient; readonly files: BatchFiles },
  { model, alias, version, input, output }: BatchPredictionRequest,
  signal?: AbortSignal,
): Promise<BatchPrediction> {
  const [source, target] = [files.input(input), files.output(output)];
  const number = version ?? (await mlflow.getVersionByAlias(model, alias)).version;
  const modelFiles = await mlflow.downloadModelFiles(model, number, signal);
  const serving = await loadModelFiles(modelFiles, tensorflowNetwork);
  const rows = await withTempDir(async (dir) => {
    const from = source.inPlace ?? path.join(dir, `in${path.extname(input)}`);
    const to = target.inPlace ?? path.join(dir, `out${path.extname(output)}`);
    if (!source.inPlace) await source.copy(from, signal);
    const count = await predictFile(serving, from, to);
    if (!target.inPlace) await target.copy(to, signal);
    return count;
  });
  return { model, version: number, rows, output, synthetic: serving.spec.trainedOn.synthetic };
}
