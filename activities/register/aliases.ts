/** Reads and moves the aliases `champion`, `previous` and `candidate` of a registered model. */
import type { ModelVersion, Registry } from '../../adapters/mlflow/model-registry.ts';
import { underLock } from '../../adapters/postgres/advisory-lock.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ChampionAliases } from '../../contracts/activities/register.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import {
  ALIASES,
  isApproved,
  isDecidedChampion,
  missingTags,
  tagsFor,
  withDecision,
} from './version-tags.ts';

/**
 * Moves `previous`, then `champion`. An attempt that dies in between leaves the old champion with its alias, so that the next
 * attempt decides the same.
 */
export async function pointChampion(
  deps: ActivityDependencies,
  input: { model: string; version: string; reason: string; withdrawal?: string },
): Promise<{ previous: string | null }> {
  const { model, version, reason, withdrawal } = input;
  const { registry } = deps.mlflow;
  return underLock(deps.database, `registry:${model}`, async () => {
    const pointed = await registry.getVersion(model, version);
    const before = await registry.aliasesOf(model);
    const old = before[ALIASES.champion];
    if (old !== version) {
      if (old !== undefined) await registry.setAlias(model, ALIASES.previous, old);
      await registry.setAlias(model, ALIASES.champion, version);
    }
    if (before[ALIASES.candidate] === version) await registry.deleteAlias(model, ALIASES.candidate);

    const after = await registry.aliasesOf(model);
    if (after[ALIASES.champion] !== version) {
      throw new CitibikeError(
        'CONFLICT',
        `alias ${ALIASES.champion} of ${model} was pointed at version ${version} and reads back as ${after[ALIASES.champion] ?? 'nothing'}. Another client moves the alias`,
      );
    }
    // A champion that is promoted again keeps the reason of its first promotion.
    if (old !== version || !isDecidedChampion(pointed.description)) {
      await registry.describeVersion(
        model,
        version,
        withDecision(pointed.description, `champion. ${reason}`),
      );
    }
    const previous = after[ALIASES.previous];
    if (withdrawal !== undefined && previous !== undefined && previous !== version) {
      const withdrawn = await registry.getVersion(model, previous);
      await registry.describeVersion(
        model,
        previous,
        withDecision(withdrawn.description, `withdrawn. ${withdrawal}`),
      );
    }
    await repairTags(registry, model);
    return { previous: previous === undefined || previous === version ? null : previous };
  });
}

export async function readAliases(
  deps: ActivityDependencies,
  { model }: { model: string },
): Promise<ChampionAliases> {
  const aliases = await deps.mlflow.registry.aliasesOf(model);
  return { champion: aliases[ALIASES.champion] ?? null, previous: aliases[ALIASES.previous] ?? null };
}

/**
 * Restores the aliases after a failed swap, so that the next rollback does not return to the failed version. That version loses the
 * approval which `pointChampion` gave it.
 */
export async function restoreAliases(
  deps: ActivityDependencies,
  { model, aliases }: { model: string; aliases: ChampionAliases },
): Promise<void> {
  const { registry } = deps.mlflow;
  await underLock(deps.database, `registry:${model}`, async () => {
    const failed = (await registry.aliasesOf(model))[ALIASES.champion];
    if (failed !== undefined && failed !== aliases.champion)
      await registry.tagVersion(model, failed, { ...tagsFor([], undefined) });
    for (const name of ['champion', 'previous'] as const) {
      const version = aliases[name];
      if (version === null) await registry.deleteAlias(model, ALIASES[name]);
      else await registry.setAlias(model, ALIASES[name], version);
    }
    await repairTags(registry, model);
  });
}

/**
 * Marks a version as rejected, unless it was approved before: a later comparison says nothing against its time as champion, and a
 * rollback may return to it. Does not change the aliases `champion` and `previous`.
 */
export async function archiveCandidate(
  deps: ActivityDependencies,
  input: { model: string; version: string; reason: string },
): Promise<void> {
  const { model, version, reason } = input;
  const { registry } = deps.mlflow;
  await underLock(deps.database, `registry:${model}`, async () => {
    const archived = await registry.getVersion(model, version);
    const aliases = await registry.aliasesOf(model);
    if (aliases[ALIASES.champion] === version) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `version ${version} is the champion of ${model} and cannot be archived. Promote another version first`,
      );
    }
    if (!isApproved(archived)) {
      await registry.tagVersion(model, version, { ...tagsFor([], 'rejected') });
      await registry.describeVersion(
        model,
        version,
        withDecision(archived.description, `archived. ${reason}`),
      );
    }
    if (aliases[ALIASES.candidate] === version) await registry.deleteAlias(model, ALIASES.candidate);
  });
}

export async function resolveVersion(
  deps: ActivityDependencies,
  input: { model?: string; alias: string; version?: string },
): Promise<{ model: string; version: string }> {
  const model = input.model ?? deps.modelName;
  const found: ModelVersion =
    input.version === undefined
      ? await deps.mlflow.getVersionByAlias(model, input.alias)
      : await deps.mlflow.getVersion(model, input.version);
  return { model, version: found.version };
}

async function repairTags(registry: Registry, model: string): Promise<void> {
  for (const { version, aliases, tags } of await registry.searchVersions(model)) {
    const missing = missingTags(tags, tagsFor(aliases, tags['validation_status']));
    if (Object.keys(missing).length > 0) await registry.tagVersion(model, version, missing);
  }
}
