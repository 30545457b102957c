/** Predicts the rows of one input file with a registered version, and writes one output file. */
import path from 'node:path';
import type { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { indexColumns } from '../../adapters/tables/index-columns.ts';
import { tableExtension, tableFile } from '../../adapters/tables/table-file.ts';
import { shownAddress } from '../../adapters/sources/address.ts';
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import type { BatchPrediction, BatchPredictionRequest } from '../../contracts/workflows/batch-prediction.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadModelFiles } from '../../core/serving/serving-model.ts';
import { withTempDir } from '../common/temp-dir.ts';
import type { BatchFiles } from './batch-files.ts';
import { predictFile } from './predict-file.ts';

/** Predicts a file. The same version and file give the same result, so a retry is safe. */
export async function batchPredict(
  { mlflow, files }: { readonly mlflow: MlflowClient; readonly files: BatchFiles },
  { model, alias, version, input, output, units }: BatchPredictionRequest,
  signal?: AbortSignal,
): Promise<BatchPrediction> {
  const [source, target] = [files.input(input), files.output(output)];
  const number = version ?? (await mlflow.getVersionByAlias(model, alias)).version;
  const modelFiles = await mlflow.downloadModelFiles(model, number, signal);
  const serving = await loadModelFiles(modelFiles, tensorflowNetwork);
  const predicted = await withTempDir(async (dir) => {
    const from = source.inPlace ?? path.join(dir, `in${tableExtension(input) ?? ''}`);
    const to = target.inPlace ?? path.join(dir, `out${tableExtension(output) ?? ''}`);
    if (!source.inPlace) await source.copy(from, signal);
    const counts = await predictFile(serving, from, to, units).catch((error: unknown) => {
      throw source.inPlace ? error : namedAs(shownAddress(input), from, error);
    });
    if (!target.inPlace) await target.copy(to, signal);
    return { ...counts, indexColumns: await indexColumns(tableFile(from)) };
  });
  const { synthetic } = serving.spec.trainedOn;
  return { model, version: number, ...predicted, output, synthetic };
}

/** Replaces the name of the local copy in an error by the name of the input, which the caller knows. */
function namedAs(name: string, copy: string, error: unknown): unknown {
  if (!(error instanceof CitibikeError)) return error;
  return new CitibikeError(error.code, error.message.replaceAll(copy, name), error.details, { cause: error });
}
