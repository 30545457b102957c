/** Declares and checks refits, which repeat the training of a promoted version with newer months. */
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import { type TrainingFacts, decideRefit } from '../../core/promotion/decide-promotion.ts';
import { parseJsonFile } from '../../core/serving/parse-json-file.ts';
import { loadModelFiles } from '../../core/serving/serving-model.ts';
import { TRAINING_REPORT_FILE, type TrainingReport } from '../../core/training/training-report.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { championOf } from './compare-with-champion.ts';
import type { Comparison } from '../../contracts/activities/register.ts';

/** Names the tag of a refit. It keeps its first name, so that older versions stay readable. */
const REFIT_TAG = 'citibike.heir_of';

export async function declareRefit(
  deps: ActivityDependencies,
  { model, version, heirOf }: { model: string; version: string; heirOf: string },
): Promise<void> {
  // Throws MODEL_NOT_FOUND if the repeated version does not exist.
  await deps.mlflow.getVersion(model, heirOf);
  await deps.mlflow.registry.tagVersion(model, version, { [REFIT_TAG]: heirOf });
}

export async function checkRefit(
  deps: ActivityDependencies,
  { model, version }: { model: string; version: string },
): Promise<Comparison> {
  const [{ tags }, champion] = await Promise.all([
    deps.mlflow.getVersion(model, version),
    championOf(deps, model),
  ]);
  const decision = decideRefit(
    await factsOf(deps, model, version),
    tags[REFIT_TAG],
    champion && (await factsOf(deps, model, champion.version)),
  );
  return {
    ...decision,
    champion: champion?.version ?? null,
    championRmse: null,
    candidateRmse: null,
    hours: 0,
  };
}

async function factsOf(deps: ActivityDependencies, model: string, version: string): Promise<TrainingFacts> {
  const files = await deps.mlflow.downloadModelFiles(model, version);
  const { featureSet, seeds, trainedOn } = (await loadModelFiles(files, tensorflowNetwork)).spec;
  const { system, synthetic, to } = trainedOn;
  const hyperParameters = parseJsonFile<TrainingReport>(files, TRAINING_REPORT_FILE)?.hyperParameters ?? null;
  return { version, system, featureSet, seeds, synthetic, hyperParameters, trainedTo: to };
}
