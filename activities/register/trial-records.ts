/** Builds parameters, metrics, tags and descriptions of a search and its trials for MLflow. All functions are pure. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type {
  SearchOutcome,
  SearchPlan,
  SearchState,
  TrialScore,
} from '../../contracts/activities/search.ts';
import { bestTrialOf, trialCounts } from '../../contracts/search-outcome.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { Metric } from '../../adapters/mlflow/log-batches.ts';
import { DEFAULT_TRIAL, stopEpoch } from '../../core/training/halving.ts';
import { EFFECT_KEY_TAG } from './effect-key.ts';
import { figure } from './run-record.ts';

/** Names the tag with the end of a trial, such as `pruned at rung 1`. */
export const TRIAL_STATE_TAG = 'citibike.trial_state';

type TrialEnd = 'completed' | 'pruned' | 'failed' | 'stopped';

/** Represents a finished trial. */
export interface TrialRecord {
  readonly trial: number;
  readonly end: TrialEnd;
  /** `pruned at rung 1`, counted from 1. */
  readonly state: string;
  /** Epoch and score at each rung. */
  readonly scores: readonly (TrialScore & { readonly epoch: number })[];
}

/** Returns the effect key of a search. One plan has one run, with one nested run per trial. */
export function searchEffectKey(plan: ArtifactRef): string {
  return digestOf({ search: plan.sha256 });
}

export function trialEffectKey(plan: ArtifactRef, trial: number): string {
  return digestOf({ search: plan.sha256, trial });
}

/** Returns the finished trials by number. Trials that continue count only after the end of the search. */
export function trialRecords(plan: SearchPlan, state: SearchState, outcome: SearchOutcome): TrialRecord[] {
  const scores = new Map<number, TrialRecord['scores']>();
  const ends = new Map<number, { end: TrialEnd; state: string }>();
  state.closed.forEach(({ ranking, kept }, rung) => {
    const goesOn = new Set(kept);
    for (const score of ranking) {
      const { trial } = score;
      const epoch = stopEpoch(plan.trials[trial]!.epochs, rung, plan.rungs);
      scores.set(trial, [...(scores.get(trial) ?? []), { ...score, epoch }]);
      const end = goesOn.has(trial) ? 'stopped' : endOf(score, rung === plan.rungs - 1);
      ends.set(trial, { end, state: end === 'completed' ? end : `${end} at rung ${rung + 1}` });
    }
  });
  return [...ends]
    .filter(([, { end }]) => end !== 'stopped' || outcome !== 'running')
    .map(([trial, end]) => ({ trial, ...end, scores: scores.get(trial)! }))
    .sort((a, b) => a.trial - b.trial);
}

function endOf({ rmse }: TrialScore, isLast: boolean): TrialEnd {
  if (rmse === null) return 'failed';
  return isLast ? 'completed' : 'pruned';
}

/** Returns metrics with one step per last epoch of a rung. */
export function trialMetrics({ scores }: TrialRecord, at: number): Metric[] {
  return scores.flatMap(({ rmse, seconds, epoch }) => [
    ...(rmse === null ? [] : [{ key: 'rmse', value: rmse, timestamp: at + epoch, step: epoch }]),
    { key: 'trainer_seconds', value: seconds, timestamp: at + epoch, step: epoch },
  ]);
}

/** Returns metrics with one step per rung. */
export function searchMetrics(
  { rungs }: Pick<SearchPlan, 'rungs'>,
  state: SearchState,
  at: number,
): Metric[] {
  return state.closed.flatMap(({ ranking }, rung) => {
    const { completed, pruned, failed } = trialCounts(rungs, state.closed.slice(0, rung + 1));
    const metric = (key: string, value: number | null | undefined): Metric[] =>
      typeof value === 'number' ? [{ key, value, timestamp: at + rung, step: rung + 1 }] : [];
    return [
      ...metric('best_rmse', ranking[0]?.rmse),
      ...metric('default_rmse', ranking.find(({ trial }) => trial === DEFAULT_TRIAL)?.rmse),
      ...metric('trials', ranking.length),
      ...metric('trials_completed', completed),
      ...metric('trials_pruned', pruned),
      ...metric('trials_failed', failed),
    ];
  });
}

export function searchParams(plan: SearchPlan): Record<string, string> {
  const { config, folds, rungs, reduction, backend, trials } = plan;
  return {
    system: config.system,
    feature_set: config.featureSet,
    seed: String(config.seed),
    train_from: config.span.from,
    train_to: config.span.to,
    synthetic: String(config.synthetic),
    trials: String(trials.length),
    folds: String(folds),
    rungs: String(rungs),
    reduction: String(reduction),
    backend,
  };
}

export function searchTags(plan: SearchPlan, ref: ArtifactRef): Record<string, string> {
  return {
    [EFFECT_KEY_TAG]: searchEffectKey(ref),
    'citibike.kind': 'search',
    'citibike.system': plan.config.system,
    'citibike.feature_set': plan.config.featureSet,
    'citibike.synthetic': String(plan.config.synthetic),
    'citibike.train_frame': plan.frame.uri,
    'citibike.search_plan': ref.uri,
  };
}

/** Returns the description of a search, in Markdown. */
export function searchSummary(plan: SearchPlan, state: SearchState): string {
  const { config, folds, trials, rungs } = plan;
  const best = bestTrialOf(plan, state);
  const found = best
    ? ` Best: trial ${best.trial}, RMSE ${figure(best.rmse)} on held-out hours; the defaults have ${figure(
        state.closed.at(-1)?.ranking.find(({ trial }) => trial === DEFAULT_TRIAL)?.rmse ?? null,
      )}.`
    : '';
  return (
    `${config.synthetic ? '**Synthetic data.** ' : ''}Search for hyper-parameters of system ${config.system} within ` +
    `${config.span.from} to ${config.span.to}: ${trials.length} trials, ${folds} folds of whole weeks, ${rungs} rungs.${found}`
  );
}
