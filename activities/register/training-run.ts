/** Finds and describes the MLflow run of a training. All attempts of a training and its registration share one run. */
import { Context } from '@temporalio/activity';
import { toPairs } from '../../adapters/mlflow/pairs.ts';
import type { NewRun, Run } from '../../adapters/mlflow/runs.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { ModelFolderFacts, TrainingConfig } from '../../contracts/activities/train.ts';
import type { ArtifactRef, Manifest } from '../../contracts/artifact.ts';
import { messageOf } from '../../contracts/errors.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';

/** Names the tag by which attempts and registration find the run. */
export const TRAINING_KEY_TAG = 'citibike.training_key';

/** Names the tag with the attempt that owns the run: the time at which Temporal scheduled it, in epoch milliseconds. */
export const ATTEMPT_TAG = 'citibike.attempt_scheduled_at';

/** Names the tag with the run id of the workflow. */
const WORKFLOW_RUN_TAG = 'citibike.workflow_run_id';

/** Identifies a training within a run of a workflow. */
export interface Training {
  readonly config: TrainingConfig;
  readonly frame: ArtifactRef;
  readonly backend: string;
  /** Person who started the workflow, if known. */
  readonly startedBy?: string | undefined;
}

/** The manifest of a model folder. A folder of an earlier version, or of another program, may lack the facts. */
export type FolderManifest = Manifest & { readonly facts: Partial<ModelFolderFacts> };

/** Returns the value of the tag for a training of the present run of the workflow. */
export function trainingKey({ config, frame, backend }: Training): string {
  const { workflowExecution } = Context.current().info;
  return digestOf({ run: workflowExecution?.runId ?? 'local', config, frame: frame.sha256, backend });
}

/** Returns the runs that attempts of a training opened, oldest first. */
export function trainingRuns(
  { mlflow }: ActivityDependencies,
  experimentId: string,
  training: Training,
): Promise<Run[]> {
  return mlflow.runs.searchByTag(experimentId, TRAINING_KEY_TAG, trainingKey(training));
}

/** Returns a new run of a training, with the tags that every such run has. */
export function newTrainingRun(
  { codeVersion }: ActivityDependencies,
  experimentId: string,
  { config: { system, span, featureSet }, startedBy }: Pick<Training, 'config' | 'startedBy'>,
  startedAt: number,
): NewRun {
  const { workflowId, runId } = producerOf('train', codeVersion);
  return {
    experimentId,
    name: `${system} ${span.from}..${span.to} ${featureSet}`,
    startedAt,
    tags: {
      'citibike.code_version': codeVersion,
      'citibike.workflow_id': workflowId,
      [WORKFLOW_RUN_TAG]: runId,
      'mlflow.source.git.commit': codeVersion,
      'mlflow.source.name': 'citibike training',
      ...userTag(startedBy),
    },
  };
}

/** Returns when the training began, if this run of the workflow trained the model, and otherwise the present time. */
export function trainedAt(
  { codeVersion }: ActivityDependencies,
  { runId, createdAt, facts: { seconds } }: FolderManifest,
): number {
  const isOwn = runId === producerOf('register', codeVersion).runId;
  return isOwn && typeof seconds === 'number' ? Date.parse(createdAt) - seconds * 1_000 : Date.now();
}

/** Returns MLflow's tag of the user. Without it, the run gets that of the client. */
export function userTag(startedBy: string | undefined): Record<string, string> {
  return startedBy === undefined ? {} : { 'mlflow.user': startedBy };
}

/** Checks whether a run belongs to an attempt that Temporal scheduled after the given time. */
export function isOfLaterAttempt({ tags }: Pick<Run, 'tags'>, scheduledAt: number): boolean {
  return Number(tags[ATTEMPT_TAG] ?? 0) > scheduledAt;
}

/** Ends the run of an attempt that died after it had stored its model. The registration adds epochs that the run lacks. */
export async function endAbandonedRun(deps: ActivityDependencies, training: Training): Promise<void> {
  try {
    const experimentId = await deps.mlflow.experiments.ensure(deps.experiment);
    for (const run of await trainingRuns(deps, experimentId, training)) {
      if (run.status !== 'FINISHED') await takeOverAndEnd(deps, run, 'FINISHED');
    }
  } catch (error) {
    const reason = messageOf(error);
    Context.current().log.warn('the MLflow run of an earlier attempt was not ended', { reason });
  }
}

/** Ends the runs that trainings of the present run of the workflow left open. */
export async function endTrainingRuns(
  deps: ActivityDependencies,
  { outcome }: { readonly outcome: 'cancelled' | 'failed' },
): Promise<void> {
  const { runId } = producerOf('train', deps.codeVersion);
  const experimentId = await deps.mlflow.experiments.ensure(deps.experiment);
  for (const run of await deps.mlflow.runs.searchByTag(experimentId, WORKFLOW_RUN_TAG, runId)) {
    if (run.status !== 'RUNNING' || !(TRAINING_KEY_TAG in run.tags)) continue;
    await takeOverAndEnd(deps, run, outcome === 'cancelled' ? 'KILLED' : 'FAILED');
  }
}

/** Ends a run. An attempt that still runs no longer writes to it. */
async function takeOverAndEnd(
  { mlflow: { runs } }: ActivityDependencies,
  { runId }: Run,
  status: 'FINISHED' | 'FAILED' | 'KILLED',
): Promise<void> {
  const { currentAttemptScheduledTimestampMs } = Context.current().info;
  await runs.logBatch(runId, {
    tags: toPairs({ [ATTEMPT_TAG]: String(currentAttemptScheduledTimestampMs) }),
  });
  await runs.finish(runId, status, Date.now());
}
