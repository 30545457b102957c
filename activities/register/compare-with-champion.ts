/** Scores candidate and champion on the same hours, which neither was trained on, and decides. */
import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec } from '../../contracts/model.ts';
import { nonInferiority } from '../../core/promotion/non-inferiority.ts';
import { decidePromotion, type Contender } from '../../core/promotion/decide-promotion.ts';
import { loadModelFiles, type ServingModel } from '../../core/serving/serving-model.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ALIASES } from './version-tags.ts';
import type { Comparison, RegisterActivities } from '../../contracts/activities/register.ts';

export async function compareWithChampion(
  deps: ActivityDependencies,
  input: Parameters<RegisterActivities['compareWithChampion']>[0],
): Promise<Comparison> {
  const { model, version, testFrame, threshold, rule = 'threshold', margin = 0 } = input;
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
  const errors = new Map<ServingModel, readonly number[]>();
  const contender = (of: string, loaded: ServingModel): Contender => {
    const missed = errorsOf(loaded, unseen);
    errors.set(loaded, missed);
    return {
      version: of,
      system: loaded.spec.trainedOn.system,
      synthetic: loaded.spec.trainedOn.synthetic,
      rmse: missed.length === 0 ? null : Math.sqrt(mean(missed.map((error) => error * error))),
    };
  };
  const candidate = contender(version, candidateModel);
  const rival = champion && championModel ? contender(champion.version, championModel) : null;
  const compared =
    rule === 'non-inferiority' && championModel && unseen.length > 0
      ? nonInferiority(
          unseen.map(({ date }, i) => ({
            date,
            champion: errors.get(championModel)![i]!,
            candidate: errors.get(candidateModel)![i]!,
          })),
          margin,
        )
      : undefined;
  const decision = decidePromotion({
    model,
    champion: rival,
    candidate,
    hours: unseen.length,
    threshold,
    nonInferiority: compared,
  });
  return {
    ...decision,
    champion: rival?.version ?? null,
    championRmse: rival?.rmse ?? null,
    candidateRmse: candidate.rmse,
    hours: unseen.length,
    nonInferiority: compared,
  };
}

export async function championOf(deps: ActivityDependencies, model: string): Promise<ModelVersion | null> {
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
    return await loadModelFiles(files, tensorflowNetwork);
  } catch (error) {
    if (!(error instanceof CitibikeError)) throw error;
    throw new CitibikeError(
      error.code,
      `version ${version} of ${model} cannot be scored: ${messageOf(error)}. If it is the champion, point the alias to a working version`,
      { ...error.details, model, version },
      { cause: error },
    );
  }
}

/** Checks that both versions predict the same system, and both real or both synthetic data. */
function sameReality(a: ModelSpec, b: ModelSpec): boolean {
  return a.trainedOn.synthetic === b.trainedOn.synthetic && a.trainedOn.system === b.trainedOn.system;
}

/** Checks whether a date is in a span of months or days. Both ends are inclusive. */
function isWithin(date: string, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const [first, last] = [from.slice(0, 10), to.slice(0, 10)];
  return date.slice(0, first.length) >= first && date.slice(0, last.length) <= last;
}

/** Returns prediction − actual of every row, in trips per hour. */
function errorsOf(model: ServingModel, rows: readonly FrameRow[]): number[] {
  const predictions = model.predict(
    rows.map(({ date, hour, holiday, trips: _trips, weather_filled: _filled, ...weather }) => ({
      date,
      hour,
      holiday,
      weather,
    })),
  );
  return rows.map(({ trips }, i) => predictions[i]!.prediction - trips);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
