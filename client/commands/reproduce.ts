import { Command } from 'commander';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { ModelVersion } from '../../adapters/mlflow/model-registry.ts';
import { ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import type { ModelFolder } from '../../contracts/activities/train.ts';
import { checkedDate } from '../../contracts/checked-dates.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { TrainingInput, TrainingResult } from '../../contracts/workflows/training.ts';
import { TRAINING_REPORT_FILE, type TrainingReport } from '../../core/training/training-report.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { askConsole } from '../console-api.ts';
import { follow } from '../follow.ts';
import { labelledLines } from '../labelled-lines.ts';
import { print, printNote } from '../print.ts';
import {
  compareVersions,
  reproductionInput,
  reproductionModel,
  type TrainedVersion,
} from '../reproduction.ts';
import { failureMessage, startAudited } from '../start.ts';

interface ReproduceOptions {
  readonly model?: string;
  readonly test?: string;
  readonly json?: boolean;
}

/** Is the exit code if the weights differ; 1 is reserved for errors. */
const EXIT_DIFFERENT = 2;

/** `citibike reproduce 3`, `citibike reproduce demo-1-training` */
export function reproduceCommand(): Command {
  return new Command('reproduce')
    .description(
      'Trains a version again from its recorded data set, input and seed, and compares the weights. Exits with 0 if they are identical, with 2 if not, with 1 on an error.',
    )
    .argument('<version>', 'version number, or the workflow id or MLflow run of its training')
    .option('--model <name>', 'registered model; default: the setting MODEL_NAME')
    .option(
      '--test <month>',
      'for a refit, which has no test months: an ingested month outside of its training',
    )
    .option('--json', 'print the comparison as JSON')
    .addHelpText(
      'after',
      '\nThe new version belongs to the registered model NAME-reproduction, so it is never served.',
    )
    .action(async (named: string, options: ReproduceOptions) => reproduce(named, options));
}

async function reproduce(
  named: string,
  { model: chosen, test, json = false }: ReproduceOptions,
): Promise<void> {
  if (test !== undefined) checkedDate('month', '--test', test);
  const settings = loadSettings();
  const model = chosen ?? settings.modelName;
  const mlflow = new MlflowClient(settings.mlflow);
  const objects = new ObjectStore(settings.s3);
  const recordOf = recordReader(mlflow, new ArtifactStore(objects));
  try {
    const original = await findVersion(mlflow, model, named);
    const recorded = await recordOf(original);
    const input = reproductionInput(await trainingInput(mlflow, original), recorded, test);
    const { version } = await train(settings, input, json ? process.stderr : process.stdout);
    const repeated = await recordOf(await mlflow.getVersion(reproductionModel(model), version));
    const { rows, isIdentical } = compareVersions(recorded, repeated);
    print(
      json
        ? `${JSON.stringify({ isIdentical, recorded, repeated }, null, 2)}\n`
        : `\n${labelledLines(rows).join('\n')}\n`,
    );
    if (!isIdentical) process.exitCode = EXIT_DIFFERENT;
  } finally {
    objects.close();
  }
}

async function findVersion(mlflow: MlflowClient, model: string, named: string): Promise<ModelVersion> {
  const versions = await mlflow.searchVersions(model);
  const found = versions.find(({ version, runId }) => version === named || runId === named);
  if (found) return found;
  if (!/^\d+$/.test(named)) {
    const { run } = await askConsole<{ run: { type: string; model?: string } }>(
      `/api/runs/${encodeURIComponent(named)}`,
    );
    const trained = versions.find(({ version }) => run.type === 'training' && version === run.model);
    if (trained) return trained;
  }
  throw new CitibikeError(
    'MODEL_NOT_FOUND',
    `${model} has no version, training or MLflow run ${named}; 'citibike models ${model}' lists the versions`,
  );
}

/** Returns the recorded input of the training of a version, also if Temporal has deleted the run. */
async function trainingInput(
  mlflow: MlflowClient,
  { model, version, runId }: ModelVersion,
): Promise<TrainingInput> {
  const { tags } = await mlflow.runs.get(runId);
  const workflowId = tags['citibike.workflow_id'];
  if (workflowId) {
    const { input } = await askConsole<{ input: TrainingInput | null }>(
      `/api/runs/${encodeURIComponent(workflowId)}`,
      { runId: tags['citibike.workflow_run_id'] },
    );
    if (input) return input;
  }
  throw new CitibikeError(
    'MODEL_NOT_FOUND',
    `the input of the training of ${model} version ${version} is not recorded, so it cannot be repeated`,
  );
}

/** Returns a reader of what a version records of its training. */
function recordReader(mlflow: MlflowClient, artifacts: ArtifactStore) {
  return async ({ model, version, tags, runId }: ModelVersion): Promise<TrainedVersion> => {
    const folder = tags['citibike.model_folder'];
    if (!folder)
      throw new CitibikeError(
        'MODEL_NOT_FOUND',
        `version ${version} of ${model} was not registered by a training, expected one with recorded files`,
      );
    const { artifact } = await artifacts.manifestOf(folder);
    const { files } = await artifacts.readJson<ModelFolder>(artifact);
    const reportFile = files[TRAINING_REPORT_FILE];
    if (!reportFile)
      throw new CitibikeError('BAD_MODEL', `version ${version} of ${model} lists no ${TRAINING_REPORT_FILE}`);
    const { backend, frame, hyperParameters, seed } = await artifacts.readJson<TrainingReport>(reportFile);
    const run = await mlflow.runs.get(runId);
    const codeVersion = run.tags['citibike.code_version'] ?? 'unknown';
    return { model, version, codeVersion, files, report: { backend, frame, hyperParameters, seed } };
  };
}

async function train(
  settings: Settings,
  input: object,
  output: NodeJS.WriteStream,
): Promise<Pick<TrainingResult, 'version'>> {
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const handle = await startAudited(client, settings, 'citibike reproduce', 'training', input);
    printNote(`training started: workflow id ${handle.workflowId}\n`);
    return await follow<TrainingResult>(client, handle, output).catch((error: unknown) => {
      throw new CitibikeError('UPSTREAM_REFUSED', failureMessage(error), {}, { cause: error });
    });
  } finally {
    await connection.close();
  }
}
