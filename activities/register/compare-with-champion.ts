/** Scores candidate and champion on the same hours, which neither was fitted on, and decides. */
import { readFrame } from '../../adapters/duckdb/frame.ts';
import type { ModelVersion } from '../../adapters/mlflow/registry.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec } from '../../contracts/model.ts';
import type { Comparison } from '../../contracts/stages.ts';
import { regressionMetrics } from '../../core/model/metrics.ts';
import { decidePromotion, type Contender } from '../../core/model/promotion.ts';
import { parseModelFiles, type ServingModel } from '../../core/model/serving-model.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ALIASES } from './version-tags.ts';

export async function compareWithChampion(
  deps: ActivityDependencies,
  input: { model: string; version: string; testFrame: ArtifactRef; threshold: number },
): Promise<Comparison> {
  const { model, version, testFrame, threshold } = input;
  const champion = await championOf(deps, model);
  const [candidateModel, championModel, rows] = await Promise.all([
    loadVersion(deps, model, version),
    champion && loadVersion(deps, model, champion.version),
    readFrame(deps.artifacts, testFrame),
  ]);
  const fittedOn = [candidateModel, championModel].flatMap((loaded) =>
    loaded && sameReality(loaded.spec, candidateModel.spec) ? [loaded.spec.trainedOn] : [],
  );
  const unseen = rows.filter((row) => !fittedOn.some((span) => isWithin(row.date, span)));
  const contender = (of: string, loaded: ServingModel): Contender => ({
    version: of,
    system: loaded.spec.trainedOn.system,
    synthetic: loaded.spec.trainedOn.synthetic,
    rmse: rmseOf(loaded, unseen),
  });
  const candidate = contender(version, candidateModel);
  const rival = champion && championModel ? contender(champion.version, championModel) : null;
  const decision = decidePromotion({ model, champion: rival, candidate, hours: unseen.length, threshold });
  return {
    ...decision,
    champion: rival?.version ?? null,
    championRmse: rival?.rmse ?? null,
    candidateRmse: candidate.rmse,
    hours: unseen.length,
  };
}

async function championOf(deps: ActivityDependencies, model: string): Promise<ModelVersion | null> {
  try {
    return await deps.mlflow.getVersionByAlias(model, ALIASES.champion);
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'MODEL_NOT_FOUND') return null;
    throw error;
  }
}

async function loadVersion(
  deps: ActivityDependencies,
  model: string,
  version: string,
): Promise<ServingModel> {
  const files = await deps.mlflow.downloadModelFiles(model, version);
  try {
    return parseModelFiles(files);
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    throw new CitibikeError(
      error.code,
      `version ${version} of ${model} cannot be scored: ${messageOf(error)}. If it is the champion, point that alias at a version that can`,
      { ...error.details, model, version },
      { cause: error },
    );
  }
}

/** Hours of the synthetic system are not those of the real one, nor those of one system those of the other. */
function sameReality(a: ModelSpec, b: ModelSpec): boolean {
  return a.trainedOn.synthetic === b.trainedOn.synthetic && a.trainedOn.system === b.trainedOn.system;
}

/** Both ends inclusive; the span may be in months or in days. */
function isWithin(date: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const [first, last] = [from.slice(0, 10), to.slice(0, 10)];
  return date.slice(0, first.length) >= first && date.slice(0, last.length) <= last;
}

/** Trips per hour; null without rows. */
function rmseOf(model: ServingModel, rows: readonly FrameRow[]): number | null {
  if (rows.length === 0) return null;
  const predictions = model.predict(
    rows.map(({ date, hour, holiday, trips: _trips, weather_filled: _filled, ...weather }) => ({
      date,
      hour,
      holiday,
      weather,
    })),
  );
  const scored = rows.map(({ trips }, i) => ({ actual: trips, prediction: predictions[i]!.prediction }));
  return regressionMetrics(scored).rmse;
}
