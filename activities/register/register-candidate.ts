/** Registers a trained and evaluated model folder as a version with alias `candidate`. */
import type { LoggedModel } from '../../adapters/mlflow/logged-models.ts';
import { toPairs } from '../../adapters/mlflow/pairs.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import { underLock } from '../../adapters/postgres/advisory-lock.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { MODEL_FILES, type ModelSpec } from '../../contracts/model.ts';
import { parseJsonFile } from '../../core/serving/parse-json-file.ts';
import { ONNX_FILE, onnxOf } from '../../core/serving/onnx.ts';
import {
  HISTORY_FILE,
  TRAINING_REPORT_FILE,
  type TrainingReport,
} from '../../core/training/training-report.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import { factsOf, modelFor } from '../common/facts-of.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { readModelFolder } from '../train/read-model-folder.ts';
import { EFFECT_KEY_TAG, effectKeyOf, findOrCreate } from './effect-key.ts';
import { logMetricsOnce } from './log-metrics-once.ts';
import { mlflowFiles } from './mlmodel.ts';
import {
  datasetsOf,
  epochMetrics,
  figure,
  finalMetrics,
  growthMetrics,
  lineageTags,
  paramsOf,
  summaryOf,
  type CandidateInput,
} from './run-record.ts';
import { newTrainingRun, trainedAt, trainingRuns, type FolderManifest } from './training-run.ts';
import { ALIASES, tagsFor } from './version-tags.ts';
import type { RegisteredVersion } from '../../contracts/activities/register.ts';

const REPORT_FILE = 'evaluation.json';

/** Limits the uploads at once. MLflow's server uses one thread per file to write to S3. */
const UPLOADS_AT_ONCE = 4;

/** Holds the data of one registration. */
interface Registration {
  readonly model: string;
  readonly experimentId: string;
  readonly effectKey: string;
  readonly input: CandidateInput;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** `evaluation.json`, `evaluation.html` and `pictures/*.svg`. */
  readonly evaluation: Readonly<Record<string, Uint8Array>>;
  readonly spec: ModelSpec;
  readonly training: TrainingReport | undefined;
  readonly manifest: FolderManifest;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Registers a version. Each step reuses the result of an earlier attempt. The version comes last, so that an existing version is
 * complete, and an attempt before it can be repeated without harm.
 */
export async function registerCandidate(
  deps: ActivityDependencies,
  input: CandidateInput & { readonly model?: string; readonly facts?: SystemFacts },
): Promise<RegisteredVersion> {
  const { system } = input.config;
  const model = input.model ?? modelFor(deps, await factsOf(deps, { system, ...input }));
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
  const { report, pictures } = input.evaluation;
  const [folder, manifest, reportJson, pictureFiles, experimentId] = await Promise.all([
    readModelFolder(deps.artifacts, input.folder),
    deps.artifacts.manifestOf(input.folder.uri),
    deps.artifacts.read(report),
    pictures ? readModelFolder(deps.artifacts, pictures) : {},
    deps.mlflow.experiments.ensure(deps.experiment),
  ]);
  const spec = parseJsonFile<ModelSpec>(folder, MODEL_FILES.spec);
  if (!spec) {
    throw new CitibikeError(
      'BAD_MODEL',
      `${input.folder.uri} lists no ${MODEL_FILES.spec}. Train the model again`,
    );
  }
  const tags = lineageTags(input, EFFECT_KEY_TAG, effectKey);
  const training = parseJsonFile<TrainingReport>(folder, TRAINING_REPORT_FILE);
  const files = { ...folder, [ONNX_FILE]: onnxOf(folder) };
  const evaluation = { [REPORT_FILE]: reportJson, ...pictureFiles };
  return { model, experimentId, effectKey, input, files, evaluation, spec, training, manifest, tags };
}

async function ensureRun(deps: ActivityDependencies, registration: Registration): Promise<Run> {
  const { runs } = deps.mlflow;
  const { experimentId, effectKey, input } = registration;
  const { config, backend } = input;
  const tags = { ...registration.tags, 'mlflow.note.content': summaryOf(input) };
  const run = await findOrCreate(
    async () => {
      const registered = await runs.searchByTag(experimentId, EFFECT_KEY_TAG, effectKey);
      if (registered.length > 0) return registered;
      const trained = await trainingRuns(deps, experimentId, { config, backend, frame: input.trainFrame });
      return trained.filter((each) => !(EFFECT_KEY_TAG in each.tags));
    },
    async () => {
      const created = newTrainingRun(deps, experimentId, input, trainedAt(deps, registration.manifest));
      return runs.create({ ...created, tags: { ...created.tags, ...tags } });
    },
  );
  if (run.tags[EFFECT_KEY_TAG] === undefined) await runs.logBatch(run.runId, { tags: toPairs(tags) });
  return run;
}

async function ensureLoggedModel(
  deps: ActivityDependencies,
  registration: Registration,
  run: Run,
): Promise<LoggedModel> {
  const { mlflow } = deps;
  const { experimentId, effectKey, input, spec, training, tags, files, evaluation } = registration;
  const logged = await findOrCreate(
    () => mlflow.loggedModels.searchByTag(experimentId, EFFECT_KEY_TAG, effectKey),
    () =>
      mlflow.loggedModels.create({
        experimentId,
        name: `demand-${input.config.featureSet}`,
        runId: run.runId,
        tags,
        params: paramsOf(input, spec, training),
      }),
  );
  if (logged.status === 'LOGGED_MODEL_READY') return logged;
  const made = { modelId: logged.modelId, runId: run.runId, createdAt: run.startedAt };
  const report = { [REPORT_FILE]: evaluation[REPORT_FILE]! };
  await putAll(deps, logged.artifactUri, { ...files, ...report, ...mlflowFiles(spec, made) });
  await mlflow.loggedModels.finalize(logged.modelId);
  return logged;
}

async function recordRun(
  deps: ActivityDependencies,
  registration: Registration,
  run: Run,
  logged: LoggedModel,
): Promise<void> {
  const { runs } = deps.mlflow;
  const { input, spec, training, files, evaluation } = registration;
  const { train, test } = datasetsOf(input);
  await runs.logInputs(run.runId, test ? [train, test] : [train]);
  if (!run.outputs.includes(logged.modelId)) await runs.logOutput(run.runId, logged.modelId);
  const params = Object.entries(paramsOf(input, spec, training)).map(([key, value]) => ({ key, value }));
  await runs.logBatch(run.runId, { params });
  const tie = { modelId: logged.modelId, train, test, at: run.startedAt };
  const history = parseJsonFile<Record<string, number[]>>(files, HISTORY_FILE) ?? {};
  await logMetricsOnce(runs, run, [
    ...finalMetrics(input.evaluation, tie),
    ...growthMetrics(spec, run.startedAt),
    ...epochMetrics(history, registration.manifest.facts.epochTimes ?? [], run.startedAt),
  ]);
  const modelFiles = Object.entries(files).map(([name, bytes]) => [`model/${name}`, bytes] as const);
  await putAll(deps, run.artifactUri, { ...evaluation, ...Object.fromEntries(modelFiles) });
  // A training ends its own run, whose duration is then that of the training.
  if (run.status !== 'FINISHED') await runs.finish(run.runId, 'FINISHED', Date.now());
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

/** Sets alias `candidate` on an undecided version. Decided versions keep their aliases. */
async function offerAsCandidate(deps: ActivityDependencies, version: ModelVersion): Promise<void> {
  const { stage } = tagsFor(version.aliases, version.tags['validation_status']);
  if (stage !== 'Staging' || version.aliases.includes(ALIASES.candidate)) return;
  await deps.mlflow.registry.setAlias(version.model, ALIASES.candidate, version.version);
}

function versionsOf(deps: ActivityDependencies, model: string, effectKey: string): Promise<ModelVersion[]> {
  return deps.mlflow.registry.searchVersions(model, { key: EFFECT_KEY_TAG, value: effectKey });
}

async function putAll(
  { mlflow }: ActivityDependencies,
  artifactUri: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  await inParallel(Object.entries(files), UPLOADS_AT_ONCE, async ([path, bytes]) =>
    mlflow.artifacts.put(artifactUri, path, bytes, contentTypeOf(path)),
  );
}

function contentTypeOf(path: string): string {
  if (path.endsWith('.json')) return 'application/json';
  if (path.endsWith('.html')) return 'text/html; charset=utf-8';
  if (path.endsWith('.svg')) return 'image/svg+xml';
  if (path === 'MLmodel') return 'text/plain; charset=utf-8';
  return 'application/octet-stream';
}
