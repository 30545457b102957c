/** From a trained and evaluated model folder to a model version with alias `candidate`. */
import type { LoggedModel } from '../../adapters/mlflow/logged-models.ts';
import type { ModelVersion } from '../../adapters/mlflow/registry.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import { underLock } from '../../adapters/postgres/advisory-lock.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import type { RegisteredVersion } from '../../contracts/stages.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { readModelFolder } from '../train/model-folder.ts';
import { EFFECT_KEY_TAG, effectKeyOf, findOrCreate } from './effect-key.ts';
import { logMetricsOnce } from './log-metrics-once.ts';
import { mlflowFiles } from './mlmodel.ts';
import {
  datasetsOf,
  epochMetrics,
  figure,
  finalMetrics,
  lineageTags,
  paramsOf,
  summaryOf,
  type CandidateInput,
} from './run-record.ts';
import { ALIASES, tagsFor } from './version-tags.ts';

/** Optional file of a model folder: name of a series -> its value in each epoch. */
const HISTORY_FILE = 'history.json';
const REPORT_FILE = 'evaluation.json';

/** What one registration works on, gathered once. */
interface Registration {
  readonly model: string;
  readonly experimentId: string;
  readonly effectKey: string;
  readonly input: CandidateInput;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly report: Uint8Array;
  readonly spec: ModelSpec;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Each step finds what an earlier attempt left of it, and the version comes last: while there is none, everything before it is
 * done again at no harm; once there is one, everything before it is complete.
 */
export async function registerCandidate(
  deps: ActivityDependencies,
  input: CandidateInput & { readonly model?: string },
): Promise<RegisteredVersion> {
  const model = input.model ?? deps.modelName;
  const { folder, evaluation, config } = input;
  const effectKey = effectKeyOf({ model, folder, report: evaluation.report, config });
  return underLock(deps.database, `registry:${model}`, async () => {
    const [known] = await versionsOf(deps, model, effectKey);
    if (known) {
      await offerAsCandidate(deps, known);
      return { model, version: known.version, runId: known.runId, cached: true };
    }
    const registration = await gather(deps, input, model, effectKey);
    const run = await ensureRun(deps, registration);
    const logged = await ensureLoggedModel(deps, registration, run);
    await recordRun(deps, registration, run, logged);
    const version = await ensureVersion(deps, registration, run, logged);
    await offerAsCandidate(deps, version);
    return { model, version: version.version, runId: version.runId, cached: false };
  });
}

async function gather(
  deps: ActivityDependencies,
  input: CandidateInput,
  model: string,
  effectKey: string,
): Promise<Registration> {
  const [files, report, experimentId] = await Promise.all([
    readModelFolder(deps.artifacts, input.folder),
    deps.artifacts.read(input.evaluation.report),
    deps.mlflow.experiments.ensure(deps.experiment),
  ]);
  const spec = parseJsonFile<ModelSpec>(files, MODEL_FILES.spec);
  if (!spec) {
    throw new CitibikeError(
      'BAD_MODEL',
      `${input.folder.uri} lists no ${MODEL_FILES.spec}: train the model again`,
    );
  }
  const tags = lineageTags(input, EFFECT_KEY_TAG, effectKey);
  return { model, experimentId, effectKey, input, files, report, spec, tags };
}

async function ensureRun(deps: ActivityDependencies, registration: Registration): Promise<Run> {
  const { mlflow, codeVersion } = deps;
  const { experimentId, effectKey, input, tags } = registration;
  const { config } = input;
  const { workflowId, runId } = producerOf('register', codeVersion);
  return findOrCreate(
    () => mlflow.runs.searchByTag(experimentId, EFFECT_KEY_TAG, effectKey),
    () =>
      mlflow.runs.create({
        experimentId,
        name: `${config.system} ${config.span.from}..${config.span.to} ${config.featureSet}`,
        startedAt: Date.now(),
        tags: {
          ...tags,
          'citibike.code_version': codeVersion,
          'citibike.workflow_id': workflowId,
          'citibike.workflow_run_id': runId,
          'mlflow.source.git.commit': codeVersion,
          'mlflow.source.name': 'citibike training',
          'mlflow.note.content': summaryOf(input),
        },
      }),
  );
}

async function ensureLoggedModel(
  deps: ActivityDependencies,
  registration: Registration,
  run: Run,
): Promise<LoggedModel> {
  const { mlflow } = deps;
  const { experimentId, effectKey, input, spec, tags, files, report } = registration;
  const logged = await findOrCreate(
    () => mlflow.loggedModels.searchByTag(experimentId, EFFECT_KEY_TAG, effectKey),
    () =>
      mlflow.loggedModels.create({
        experimentId,
        name: `demand-${input.config.featureSet}`,
        runId: run.runId,
        tags,
        params: paramsOf(input, spec),
      }),
  );
  if (logged.status === 'LOGGED_MODEL_READY') return logged;
  const made = { modelId: logged.modelId, runId: run.runId, createdAt: run.startedAt };
  const all = { ...files, [REPORT_FILE]: report, ...mlflowFiles(spec, made) };
  for (const [path, bytes] of Object.entries(all)) {
    await mlflow.artifacts.put(logged.artifactUri, path, bytes, contentTypeOf(path));
  }
  await mlflow.loggedModels.finalize(logged.modelId);
  return logged;
}

async function recordRun(
  deps: ActivityDependencies,
  registration: Registration,
  run: Run,
  logged: LoggedModel,
): Promise<void> {
  const { runs, artifacts } = deps.mlflow;
  const { input, spec, files, report } = registration;
  const { train, test } = datasetsOf(input);
  await runs.logInputs(run.runId, [train, test]);
  if (!run.outputs.includes(logged.modelId)) await runs.logOutput(run.runId, logged.modelId);
  const params = Object.entries(paramsOf(input, spec)).map(([key, value]) => ({ key, value }));
  await runs.logBatch(run.runId, { params });
  const tie = { modelId: logged.modelId, dataset: test, at: run.startedAt };
  const history = parseJsonFile<Record<string, number[]>>(files, HISTORY_FILE) ?? {};
  await logMetricsOnce(runs, run, [
    ...finalMetrics(input.evaluation, tie),
    ...epochMetrics(history, run.startedAt),
  ]);
  await artifacts.put(run.artifactUri, REPORT_FILE, report, contentTypeOf(REPORT_FILE));
  for (const [path, bytes] of Object.entries(files)) {
    await artifacts.put(run.artifactUri, `model/${path}`, bytes, contentTypeOf(path));
  }
  await runs.finish(run.runId, 'FINISHED', Date.now());
}

async function ensureVersion(
  deps: ActivityDependencies,
  registration: Registration,
  run: Run,
  logged: LoggedModel,
): Promise<ModelVersion> {
  const { registry } = deps.mlflow;
  const { model, effectKey, input, tags } = registration;
  await registry.ensureModel(model, 'Trips per hour over the whole system, by calendar and weather.');
  const { metrics } = input.evaluation;
  return findOrCreate(
    () => versionsOf(deps, model, effectKey),
    () =>
      registry.createVersion({
        model,
        source: `models:/${logged.modelId}`,
        runId: run.runId,
        modelId: logged.modelId,
        description: summaryOf(input),
        tags: {
          ...tags,
          ...tagsFor([ALIASES.candidate], undefined),
          'citibike.code_version': deps.codeVersion,
          rmse: figure(metrics.rmse, 2),
          mae: figure(metrics.mae, 2),
          r2: figure(metrics.r2, 4),
        },
      }),
  );
}

/** Gives a version that nobody has judged yet the alias `candidate`; what was judged keeps its place. */
async function offerAsCandidate(deps: ActivityDependencies, version: ModelVersion): Promise<void> {
  const { stage } = tagsFor(version.aliases, version.tags['validation_status']);
  if (stage !== 'Staging' || version.aliases.includes(ALIASES.candidate)) return;
  await deps.mlflow.registry.setAlias(version.model, ALIASES.candidate, version.version);
}

function versionsOf(deps: ActivityDependencies, model: string, effectKey: string): Promise<ModelVersion[]> {
  return deps.mlflow.registry.searchVersions(model, { key: EFFECT_KEY_TAG, value: effectKey });
}

function parseJsonFile<T>(files: Readonly<Record<string, Uint8Array>>, name: string): T | undefined {
  const bytes = files[name];
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (error) {
    throw new CitibikeError('BAD_MODEL', `${name} is not JSON: ${messageOf(error)}`, {}, { cause: error });
  }
}

function contentTypeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json';
  if (path === 'MLmodel') return 'text/plain; charset=utf-8';
  return 'application/octet-stream';
}
