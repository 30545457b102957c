import { Context } from '@temporalio/activity';
import { newestIssue, summarizeIssue, type IssueSummary } from '../../adapters/postgres/demand-forecasts.ts';
import { newestWeatherIssue } from '../../adapters/postgres/weather-forecasts.ts';
import { DAY_MS, addMonths } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { storedName, type StoredRuleSet } from '../../contracts/stored-names.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { STALE_AFTER_MS } from '../../contracts/weather-forecast.ts';
import type { ForecastActivities, IssueFacts } from '../../contracts/activities/forecast.ts';
import { modelFor } from '../common/facts-of.ts';
import { monthFolder } from '../preprocess/month-folders.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** Limits the published months that the level is estimated from. Older ones have next to no weight. */
const MOST_MONTHS = 24;

/** Creates the activity `planForecast`. */
export function createPlanForecast(deps: ActivityDependencies): ForecastActivities['planForecast'] {
  return async ({ system, facts, model: named, fetched }) => {
    const { database } = deps;
    const model = named ?? modelFor(deps, facts);
    const chosenAt = new Date().toISOString();
    const champion = await championOf(deps, model);
    const { version } = champion;
    const { trainedOn } = await specOf(deps, model, version);
    if (trainedOn.system !== system) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `champion ${model} version ${version} was trained on system '${trainedOn.system}', expected '${system}'. Set "model" to the model of '${system}'`,
      );
    }
    const { synthetic } = trainedOn;
    const own = storedName(system, synthetic);
    const now = Date.now();
    const weather =
      fetched ?? (await newestWeatherIssue(database, system, new Date(now - STALE_AFTER_MS))) ?? null;
    const same =
      weather && (await summarizeIssue(database, model, { system: own, issuedAt: weather.issuedAt }));
    const rules = await rulesOf(deps, champion);
    const plan = { model, version, chosenAt, system: own, synthetic, rules: rules ?? 'seed' };
    if (same?.version === version && same.provider === weather?.provider)
      return { ...plan, published: null, weather, kept: factsOfIssue(same) };
    const newest = weather ? undefined : await newestIssue(database, model, { systems: [own] });
    const served = newest && (await summarizeIssue(database, model, newest));
    if (served && isUsable(served, now))
      return { ...plan, published: null, weather, kept: factsOfIssue(served) };
    const key = { system, synthetic };
    const published = rules && (await publishedSince(deps, { ...key, rules }, trainedOn.to.slice(0, 7)));
    return { ...plan, published, weather, kept: null };
  };
}

/** Tells whether an issue reaches the next day. Climatology can be had every day, so an old one is replaced. */
function isUsable({ until, provider, issuedAt }: IssueSummary, now: number): boolean {
  if (until.getTime() < now + DAY_MS) return false;
  return provider !== 'climatology' || Date.parse(issuedAt) > now - STALE_AFTER_MS;
}

export function factsOfIssue({ version, issuedAt, provider, level, hours }: IssueFacts): IssueFacts {
  return { version, issuedAt, provider, level, hours };
}

async function championOf({ mlflow }: ActivityDependencies, model: string): Promise<ModelVersion> {
  try {
    return await mlflow.getVersionByAlias(model, 'champion');
  } catch (error) {
    if (!(error instanceof CitibikeError) || error.code !== 'MODEL_NOT_FOUND') throw error;
    throw new CitibikeError(
      'MODEL_NOT_FOUND',
      `model ${model} has no champion, expected a promoted version. Run the workflow lifecycle first: citibike run lifecycle`,
      { model },
      { cause: error },
    );
  }
}

async function specOf({ mlflow }: ActivityDependencies, model: string, version: string): Promise<ModelSpec> {
  const signal = Context.current().cancellationSignal;
  const files = await mlflow.downloadModelFiles(model, version, signal, (file) => file === MODEL_FILES.spec);
  const spec = files[MODEL_FILES.spec];
  if (spec) return JSON.parse(Buffer.from(spec).toString('utf8')) as ModelSpec;
  throw new CitibikeError(
    'BAD_MODEL',
    `version ${version} of ${model} has no ${MODEL_FILES.spec}, expected a version of this product. Train the model again`,
  );
}

/**
 * Returns the rules of the trips that a version predicts; null if its frame was deleted, because trips by other rules give a wrong level.
 * A version that was registered by hand names no frame, and then the default counts.
 */
async function rulesOf(
  { artifacts }: ActivityDependencies,
  { tags }: ModelVersion,
): Promise<StoredRuleSet | null> {
  const uri = tags['citibike.train_frame'];
  if (uri === undefined) return 'seed';
  if (!(await artifacts.has(uri))) return null;
  const { rules } = (await artifacts.manifestOf(uri)).parameters;
  return rules === 'all' ? 'all' : 'seed';
}

/** Returns the newest ingested months after the training. A gap ends the span, because a frame has none. */
async function publishedSince(
  { artifacts: { objects } }: ActivityDependencies,
  key: { readonly system: string; readonly rules: StoredRuleSet; readonly synthetic: boolean },
  trainedTo: string,
): Promise<MonthSpan | null> {
  const { data } = objects.buckets;
  const { folders } = await objects.folder(monthFolder(data, { ...key, month: '' }));
  const known = new Set(
    folders.map((folder) => folder.split('/').at(-2)!).filter((month) => month > trainedTo),
  );
  const to = [...known].sort().at(-1);
  if (to === undefined) return null;
  let from = to;
  for (let months = 1; months < MOST_MONTHS && known.has(addMonths(from, -1)); months++)
    from = addMonths(from, -1);
  return { from, to };
}
