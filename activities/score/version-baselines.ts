/** Computes what the forecasts of a version are compared with. */
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import { meanByCalendar } from '../../core/evaluation/naive.ts';
import type { VersionBaselines } from '../../core/forecast/score-forecasts.ts';
import { loadModelFiles } from '../../core/serving/serving-model.ts';
import { inputOf } from '../../core/training/training-set.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** Returns the version, or undefined if it was deleted. */
export async function findVersion(
  { mlflow }: Pick<ActivityDependencies, 'mlflow'>,
  model: string,
  version: string,
): Promise<ModelVersion | undefined> {
  try {
    return await mlflow.getVersion(model, version);
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'MODEL_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Returns undefined for a version that was trained on trips of another rule set, because its forecasts are of other trips.
 * @param frame hours with trips and observed weather.
 */
export async function versionBaselines(
  { mlflow, artifacts }: Pick<ActivityDependencies, 'mlflow' | 'artifacts'>,
  { model, version, tags }: ModelVersion,
  { rows, rules }: { readonly rows: readonly FrameRow[]; readonly rules: unknown },
  signal: AbortSignal,
): Promise<VersionBaselines | undefined> {
  const uri = tags['citibike.train_frame'];
  // A version that was registered by hand has no frame, and retention may have deleted one.
  const trained = uri !== undefined && (await artifacts.has(uri)) ? await artifacts.manifestOf(uri) : null;
  if ((trained?.parameters['rules'] ?? rules) !== rules) return undefined;
  const files = await mlflow.downloadModelFiles(model, version, signal);
  const serving = await loadModelFiles(files, tensorflowNetwork);
  return {
    naive: trained && meanByCalendar(await readFrame(artifacts, trained.artifact), rows),
    observed: serving.predict(rows.map(inputOf)).map(({ prediction }) => prediction),
  };
}
