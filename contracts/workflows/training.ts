/** Workflow `training`: trains, evaluates, registers and promotes a version. */
import { Type, type Static } from 'typebox';
import { MODEL_OPTIONS, ROLLOUT_OPTIONS } from '../model-options.ts';
import { monthSpan } from '../months.ts';
import { Cache, Dataset, PromotionMargin, PromotionRule, RuleSet, VersionNumber } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import type { RegressionMetrics } from '../model.ts';
import type { PromotionResult } from './promotion.ts';
import type { SearchResult } from './search.ts';
import { QUARTER, YEAR } from '../example-months.ts';
import {
  amount,
  outcome,
  sentence,
  share,
  tripsAnHour,
  versionLink,
  type Outcome,
  type StoredResult,
} from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const TrainingInput = Type.Object(
  {
    system: SystemId,
    train: monthSpan('months to train on'),
    /** Absent only for a refit, which trains on the newest months. The version that it repeats was tested. */
    test: Type.Optional(monthSpan('later months to evaluate on')),
    rules: RuleSet,
    dataset: Type.Optional(Dataset),
    ...MODEL_OPTIONS,
    promotionRule: PromotionRule,
    promotionMargin: PromotionMargin,
    refitOf: Type.Optional(
      Type.String({
        ...VersionNumber,
        title: 'rule refit: promoted version that this training repeats with newer months',
        formerName: 'heirOf',
      }),
    ),
    ...ROLLOUT_OPTIONS,
    cache: Cache,
  },
  { additionalProperties: false },
);
export type TrainingInput = Static<typeof TrainingInput>;

export const contract: WorkflowContract = {
  name: 'training',
  title: 'Train a model',
  description: 'Train, evaluate and register a version, and promote it if it beats the champion.',
  input: TrainingInput,
  versioning: 'upgrades-if-it-waits',
  outcome: outcomeOf,
  start: { order: 30, example: { system: DEFAULT_SYSTEM, train: YEAR, test: QUARTER } },
};

export interface TrainingResult {
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly backend: string;
  /** Seconds from spawn to exit of the trainer. A cached model has those of the run that made it. */
  readonly seconds: number;
  readonly metrics: RegressionMetrics;
  readonly naive: RegressionMetrics;
  readonly promotion: PromotionResult;
  /** The search that chose the hyper-parameters, if the input asked for one. */
  readonly search?: SearchResult;
  readonly synthetic: boolean;
  /** Days of the training span that have the weather of an earlier day. */
  readonly filledDays: readonly string[];
  readonly cached: boolean;
}

function outcomeOf(result: StoredResult<TrainingResult>): Outcome {
  const { model, version, runId, metrics, naive, promotion, search, seconds, backend, filledDays } = result;
  const decision = promotion
    ? `It ${promotion.promote ? 'became the champion' : 'was not promoted'}. ${sentence(promotion.reason)}`
    : '';
  return outcome(
    `Trained version ${version ?? '?'} of ${model ?? 'the model'}. ${decision}`.trim(),
    [
      ['test RMSE', tripsAnHour(metrics?.rmse)],
      ['naive RMSE', tripsAnHour(naive?.rmse)],
      ['coverage (90 %)', share(metrics?.coverage)],
      ['test R²', amount(metrics?.r2)],
      ['champion before', promotion?.champion && `v${promotion.champion}`],
      ['champion RMSE', tripsAnHour(promotion?.championRmse)],
      ['hours compared', amount(promotion?.hours)],
      [
        'trial of the search',
        search ? `${amount(search.best.trial)} of ${amount(search.trials)}` : undefined,
      ],
      ['trainer time', result.cached ? 'cached' : amount(seconds, 's')],
      ['backend', backend],
      ['days with filled weather', filledDays?.length ? amount(filledDays.length) : undefined],
    ],
    [versionLink(model, version), runId ? { kind: 'experiment', runId } : undefined],
  );
}
