/** Activities `planSearch` and `closeRung`: choose the trials, the ones that continue, and the chunks of the next rung. */
import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { featureSetOf } from '../../core/features/feature-row.ts';
import { closeRungOf, DEFAULT_TRIAL, stopEpoch } from '../../core/training/halving.ts';
import { sampleTrials } from '../../core/training/search-space.ts';
import { chunksOf, trialCost } from '../../core/training/trial-chunks.ts';
import { trialCounts } from '../../contracts/search-outcome.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import { factsOf } from '../common/facts-of.ts';
import { placeKey } from '../common/place-key.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { featuresKey } from './features-key.ts';
import { readSearch, writePlan, writeState, type LoadRows } from './search-files.ts';
import { chooseBackend } from './trainer-process.ts';
import { TrialStore } from './trial-store.ts';
import type {
  SearchActivities,
  SearchPlan,
  SearchState,
  SearchStep,
  TrialScore,
} from '../../contracts/activities/search.ts';

/** Grows with every code change that changes the scores of a plan for the same names of features. */
const SEARCH_STAGE_VERSION = 1;

/** Limits the small S3 objects at once. */
const WIDTH = 16;

export function createPlanSearch(
  deps: ActivityDependencies,
  loadRows: LoadRows,
): SearchActivities['planSearch'] {
  return async (input) => {
    const { frame, config, hyperParameters, options, cache } = input;
    const place = await factsOf(deps, { ...input, system: config.system });
    const { cancellationSignal, info } = Context.current();
    const { trials, folds, rungs, reduction, parallelism } = options;
    const plan: SearchPlan = {
      schemaVersion: 1,
      ...{ frame, config, folds, rungs, reduction },
      trials: sampleTrials(hyperParameters, trials, config.seed),
      backend: await chooseBackend(deps.tfBackend, cancellationSignal),
      stageVersion: SEARCH_STAGE_VERSION,
      ...featuresKey(featureSetOf(config.featureSet, place)),
      ...placeKey(place),
      apart: cache ? null : (info.workflowExecution?.runId ?? null),
    };
    // Invalid rows fail here once, and not in every chunk.
    await loadRows(plan);
    const ref = await writePlan(deps, plan);
    const all = plan.trials.map((_, trial) => trial);
    return stepOf(deps, plan, {
      schemaVersion: 1,
      plan: ref,
      closed: [],
      chunks: cut(plan, 0, all, parallelism),
    });
  };
}

export function createCloseRung(deps: ActivityDependencies): SearchActivities['closeRung'] {
  return async ({ state: ref, parallelism }) => {
    const { plan, state, rung } = await readSearch(deps, ref);
    const store = new TrialStore(deps.artifacts.objects, plan, rung);
    const scores = await inParallel(state.chunks.flat(), WIDTH, (trial) => scoreOf(store, trial, ref));
    const isLast = rung === plan.rungs - 1;
    const closed = closeRungOf(scores, plan.reduction, isLast);
    if (closed.ranking[0]!.rmse === null) {
      throw new CitibikeError(
        'TRAINING_FAILED',
        `every trial of rung ${rung + 1} failed; the first: ${closed.ranking[0]!.reason ?? 'no reason given'}`,
      );
    }
    const over = isLast ? plan.trials.map((_, trial) => trial) : [];
    await inParallel(over, WIDTH, (trial) => store.checkpoints(trial).clear());
    return stepOf(deps, plan, {
      schemaVersion: 1,
      plan: state.plan,
      closed: [...state.closed, closed],
      chunks: isLast ? [] : cut(plan, rung + 1, closed.kept, parallelism),
    });
  };
}

async function scoreOf(store: TrialStore, trial: number, state: ArtifactRef): Promise<TrialScore> {
  const score = await store.find(trial);
  if (score) return score;
  throw new CitibikeError(
    'CORRUPT_ARTIFACT',
    `trial ${trial} of ${state.uri} has no score, although its chunk has finished. The score was deleted meanwhile. Start the search again`,
    { trial },
  );
}

function cut(plan: SearchPlan, rung: number, trials: readonly number[], parallelism: number): number[][] {
  const { rows = 1 } = plan.frame;
  const stopOf = (trial: number, at: number) =>
    at < 0 ? 0 : stopEpoch(plan.trials[trial]!.epochs, at, plan.rungs);
  const works = trials.map((trial) => ({
    trial,
    cost: trialCost(plan.trials[trial]!, stopOf(trial, rung) - stopOf(trial, rung - 1), rows),
  }));
  return chunksOf(works, parallelism);
}

async function stepOf(deps: ActivityDependencies, plan: SearchPlan, state: SearchState): Promise<SearchStep> {
  const ranking = state.closed.at(-1)?.ranking;
  const first = ranking?.[0];
  return {
    state: await writeState(deps, state, plan.config.synthetic),
    backend: plan.backend,
    chunkSizes: state.chunks.map((chunk) => chunk.length),
    counts: trialCounts(plan.rungs, state.closed),
    ...(ranking && first && first.rmse !== null
      ? {
          best: { trial: first.trial, rmse: first.rmse, hyperParameters: plan.trials[first.trial]! },
          defaultRmse: ranking.find(({ trial }) => trial === DEFAULT_TRIAL)?.rmse ?? null,
        }
      : {}),
  };
}
