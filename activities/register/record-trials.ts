/** Activity `recordTrials`: records a search as an MLflow run with a nested run per finished trial. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type {
  SearchActivities,
  SearchOutcome,
  SearchPlan,
  SearchState,
} from '../../contracts/activities/search.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import { toPairs } from '../../adapters/mlflow/pairs.ts';
import { underLock } from '../../adapters/postgres/advisory-lock.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import { bestTrialOf } from '../../contracts/search-outcome.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { EFFECT_KEY_TAG, findOrCreate } from './effect-key.ts';
import { hyperParameterParams } from './hyper-parameter-params.ts';
import { userTag } from './training-run.ts';
import { missingMetrics } from './log-metrics-once.ts';
import {
  TRIAL_STATE_TAG,
  searchEffectKey,
  searchMetrics,
  searchParams,
  searchSummary,
  searchTags,
  trialEffectKey,
  trialMetrics,
  trialRecords,
  type TrialRecord,
} from './trial-records.ts';

/** Names MLflow's tag that nests a run. */
const PARENT_TAG = 'mlflow.parentRunId';

/** Limits the calls at once. MLflow needs 30 ms of a core per call, which the trainers would lack. */
const WIDTH = 3;

const RUN_STATUS = { completed: 'FINISHED', cancelled: 'KILLED', failed: 'FAILED' } as const;
const TRIAL_STATUS = {
  completed: 'FINISHED',
  pruned: 'FINISHED',
  failed: 'FAILED',
  stopped: 'KILLED',
} as const;

/** Holds the data of one recording. */
interface Recording {
  readonly deps: ActivityDependencies;
  readonly experimentId: string;
  readonly ref: ArtifactRef;
  readonly plan: SearchPlan;
  readonly state: SearchState;
  readonly parent: Run;
}

export function createRecordTrials(deps: ActivityDependencies): SearchActivities['recordTrials'] {
  return async ({ state: ref, outcome, startedBy }) => {
    const state = await deps.artifacts.readJson<SearchState>(ref);
    const plan = await deps.artifacts.readJson<SearchPlan>(state.plan);
    // Two recordings of one search at once would both create its runs.
    return underLock(deps.database, searchEffectKey(state.plan), async () => {
      const experimentId = await deps.mlflow.experiments.ensure(deps.experiment);
      const parent = await ensureSearchRun(deps, experimentId, plan, state.plan, startedBy);
      const recording = { deps, experimentId, ref, plan, state, parent };
      const recorded = await recordOver(recording, trialRecords(plan, state, outcome));
      await recordSearch(recording, outcome);
      return { runId: parent.runId, recorded };
    });
  };
}

function ensureSearchRun(
  deps: ActivityDependencies,
  experimentId: string,
  plan: SearchPlan,
  ref: ArtifactRef,
  startedBy: string | undefined,
): Promise<Run> {
  const { config, trials } = plan;
  const { workflowId, runId } = producerOf('search', deps.codeVersion);
  return findOrCreate(
    () => deps.mlflow.runs.searchByTag(experimentId, EFFECT_KEY_TAG, searchEffectKey(ref)),
    () =>
      deps.mlflow.runs.create({
        experimentId,
        name: `search ${config.system} ${config.span.from}..${config.span.to} ${config.featureSet} ${trials.length} trials`,
        startedAt: Date.now(),
        tags: {
          ...searchTags(plan, ref),
          'citibike.code_version': deps.codeVersion,
          'citibike.workflow_id': workflowId,
          'citibike.workflow_run_id': runId,
          'mlflow.source.git.commit': deps.codeVersion,
          'mlflow.source.name': 'citibike search',
          ...userTag(startedBy),
        },
      }),
  );
}

/** Records finished trials. Returns the number of new or changed records. */
async function recordOver(recording: Recording, records: readonly TrialRecord[]): Promise<number> {
  const { deps, experimentId, parent, state } = recording;
  if (records.length === 0) return 0;
  const children = await deps.mlflow.runs.searchByTag(experimentId, PARENT_TAG, parent.runId);
  const known = new Map<string | undefined, Run>();
  // The reverse order keeps the oldest of two equal runs.
  for (const child of children.reverse()) known.set(child.tags[EFFECT_KEY_TAG], child);
  const open = records.filter((record) => {
    const child = known.get(trialEffectKey(state.plan, record.trial));
    return child?.status !== TRIAL_STATUS[record.end] || child.tags[TRIAL_STATE_TAG] !== record.state;
  });
  await inParallel(open, WIDTH, (record) =>
    recordTrial(recording, record, known.get(trialEffectKey(state.plan, record.trial))),
  );
  return open.length;
}

async function recordTrial(
  { deps, experimentId, plan, state, parent }: Recording,
  record: TrialRecord,
  known: Run | undefined,
): Promise<void> {
  const { runs } = deps.mlflow;
  const { trial } = record;
  const run =
    known ??
    (await runs.create({
      experimentId,
      name: `trial ${trial}`,
      startedAt: parent.startedAt + trial,
      tags: {
        [EFFECT_KEY_TAG]: trialEffectKey(state.plan, trial),
        [PARENT_TAG]: parent.runId,
        'citibike.kind': 'trial',
        'citibike.trial': String(trial),
        'mlflow.source.name': 'citibike search',
        ...userTag(parent.tags['mlflow.user']),
      },
    }));
  const reason = record.scores.at(-1)?.reason;
  await runs.logBatch(run.runId, {
    params: toPairs(hyperParameterParams(plan.trials[trial]!)),
    metrics: await missingMetrics(runs, run, trialMetrics(record, run.startedAt)),
    tags: toPairs({
      [TRIAL_STATE_TAG]: record.state,
      ...(reason === undefined ? {} : { 'mlflow.note.content': reason }),
    }),
  });
  // Trials wait between rungs, so a run lasts as long as its trainer worked.
  const seconds = record.scores.reduce((sum, score) => sum + score.seconds, 0);
  await runs.finish(run.runId, TRIAL_STATUS[record.end], run.startedAt + Math.round(seconds * 1_000));
}

async function recordSearch(
  { deps, ref, plan, state, parent }: Recording,
  outcome: SearchOutcome,
): Promise<void> {
  const { runs, artifacts } = deps.mlflow;
  const best = bestTrialOf(plan, state);
  await runs.logBatch(parent.runId, {
    params: toPairs({
      ...searchParams(plan),
      ...(best
        ? { best_trial: String(best.trial), ...hyperParameterParams(best.hyperParameters, 'best_') }
        : {}),
    }),
    metrics: await missingMetrics(runs, parent, searchMetrics(plan, state, parent.startedAt)),
    tags: toPairs({ 'mlflow.note.content': searchSummary(plan, state), 'citibike.search_state': ref.uri }),
  });
  if (outcome !== 'running') {
    const table = new TextEncoder().encode(JSON.stringify({ plan, closed: state.closed }, null, 1));
    await artifacts.put(parent.artifactUri, 'search.json', table, 'application/json');
    await runs.finish(parent.runId, RUN_STATUS[outcome], Date.now());
  } else if (parent.status === 'KILLED' || parent.status === 'FAILED') {
    await runs.reopen(parent.runId);
  }
}
