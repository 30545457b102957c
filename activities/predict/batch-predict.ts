/** A file in, a file out, either local or in S3, by a registered version. */
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import path from 'node:path';
import type { MlflowClient } from '../../adapters/mlflow/client.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import type { BatchPrediction, BatchPredictionRequest } from '../../contracts/batch-prediction.ts';
import { loadModelFiles } from '../../core/model/serving-model.ts';
import { withTempDir } from '../common/temp-dir.ts';
import { predictFile } from './predict-file.ts';

const isS3 = (uri: string): boolean => uri.startsWith('s3://');
const localPath = (uri: string): string => (uri.startsWith('file://') ? new URL(uri).pathname : uri);

/** The same version and file give the same result, so running twice is running once. */
export async function batchPredict(
  { mlflow, objects }: { readonly mlflow: MlflowClient; readonly objects: () => ObjectStore },
  { model, alias, version, input, output }: BatchPredictionRequest,
  signal?: AbortSignal,
): Promise<BatchPrediction> {
  const number = version ?? (await mlflow.getVersionByAlias(model, alias)).version;
  const files = await mlflow.downloadModelFiles(model, number, signal);
  const serving = await loadModelFiles(files, tensorflowNetwork);
  const rows = await withTempDir(async (dir) => {
    const from = isS3(input) ? path.join(dir, `in${path.extname(input)}`) : localPath(input);
    const to = isS3(output) ? path.join(dir, `out${path.extname(output)}`) : localPath(output);
    if (isS3(input)) await objects().getToFile(input, from);
    const count = await predictFile(serving, from, to);
    if (isS3(output)) await objects().putFile(output, to, undefined, signal);
    return count;
  });
  return { model, version: number, rows, output, synthetic: serving.spec.trainedOn.synthetic };
}
