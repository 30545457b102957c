/** Resolves the version of a rollback, and checks that the rollback is still valid. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { Comparison } from '../../contracts/activities/register.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { ALIASES } from './version-tags.ts';

export async function resolveRollback(
  deps: ActivityDependencies,
  input: { model?: string; version?: string },
): Promise<{ model: string; version: string; champion: string | null }> {
  const model = input.model ?? deps.modelName;
  const aliases = await deps.mlflow.registry.aliasesOf(model);
  const champion = aliases[ALIASES.champion] ?? null;
  const version = input.version ?? aliases[ALIASES.previous];
  if (version === undefined) {
    throw new CitibikeError(
      'MODEL_NOT_FOUND',
      `${model} has no version with alias ${ALIASES.previous} to roll back to. Set {"version": "..."} to one that citibike models ${model} lists`,
    );
  }
  const { tags } = await deps.mlflow.getVersion(model, version);
  if (input.version === undefined && tags['validation_status'] === 'rejected') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `version ${version}, the alias ${ALIASES.previous} of ${model}, was rejected. Set {"version": "..."} to one that citibike models ${model} lists as approved`,
      { field: 'version' },
    );
  }
  return { model, version, champion };
}

export async function checkRollback(
  deps: ActivityDependencies,
  input: { model: string; version: string; expectedChampion?: string },
): Promise<Comparison> {
  const { model, version, expectedChampion } = input;
  const champion = (await deps.mlflow.registry.aliasesOf(model))[ALIASES.champion] ?? null;
  const comparison = { champion, championRmse: null, candidateRmse: null, hours: 0 };
  if (expectedChampion !== undefined && champion !== expectedChampion && champion !== version) {
    const reason = `the champion was version ${expectedChampion} when the rollback started and is ${champion === null ? 'none' : `version ${champion}`} now. Start the rollback again`;
    return { ...comparison, promote: false, reason };
  }
  const from = champion === null || champion === version ? '' : ` from version ${champion}`;
  return { ...comparison, promote: true, reason: `rolled back${from} to version ${version}` };
}
