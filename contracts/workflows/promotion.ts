/** Workflow `promotion`: moves the champion alias and the prediction service to a version. */
import { Type, type Static } from 'typebox';
import { ArtifactRef } from '../artifact.ts';
import {
  ModelName,
  VersionNumber,
  Reason,
  PromotionRule,
  PromotionMargin,
  PromotionThreshold,
} from '../options.ts';
import { TrafficInput, type CanaryResult } from '../traffic.ts';
import type { Comparison } from '../activities/register.ts';
import {
  amount,
  listed,
  outcome,
  sentence,
  tripsAnHour,
  versionLink,
  type Outcome,
  type StoredResult,
} from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/** Defines the input, which only `training` and `rollback` write. The workflow id `promotion-{model}` locks the aliases. */
export const PromotionInput = Type.Object(
  {
    model: ModelName,
    version: VersionNumber,
    rule: Type.Union([...PromotionRule.anyOf, Type.Literal('rollback')], {
      title: 'rule of the promotion; `rollback` compares nothing, because a person has decided',
      default: 'threshold',
      description: "'threshold', 'non-inferiority', 'refit' or 'rollback'",
      formerValues: { heir: 'refit' },
    }),
    /** Hours to compare on, for the rules `threshold` and `non-inferiority`. */
    testFrame: Type.Optional(ArtifactRef),
    threshold: PromotionThreshold,
    margin: PromotionMargin,
    /** The workflow rejects a rollback to alias `previous` if another version became champion meanwhile. */
    expectedChampion: Type.Optional(VersionNumber),
    /** Text for the version's description: who approved it, or why a person rolled back. */
    note: Type.Optional(Reason),
    traffic: TrafficInput,
  },
  { additionalProperties: false },
);
export type PromotionInput = Static<typeof PromotionInput>;

export const contract: WorkflowContract = {
  name: 'promotion',
  title: 'Promote',
  description: 'Compare a version with the champion, prove it, move the alias and swap the service.',
  input: PromotionInput,
  versioning: 'pinned',
  outcome: outcomeOf,
};

export interface PromotionResult extends Comparison {
  readonly version: string;
  /** Addresses of the processes that proved the version, or `worker` if no prediction service was alive. */
  readonly provenBy: readonly string[];
  /** Addresses of the processes that serve the version. Empty if no prediction service was alive. */
  readonly servedBy: readonly string[];
  /** Generation of this version as the desired one. Null if it was not promoted. Older runs lack the field. */
  readonly generation?: number | null;
  /** Null without a canary or shadow: not requested, or no other version serves. */
  readonly trial: CanaryResult | null;
}

function outcomeOf(result: StoredResult<PromotionResult>, { model }: StoredResult<PromotionInput>): Outcome {
  const { version, promote, reason } = result;
  const decision = `Version ${version ?? '?'} ${promote ? 'became the champion' : 'was not promoted'}`;
  return outcome(`${decision}. ${sentence(reason ?? '')}`.trim(), promotionFacts(result), [
    versionLink(model, version),
  ]);
}

/** Returns the facts that promotions and rollbacks share. */
export function promotionFacts(result: StoredResult<PromotionResult>) {
  const { champion, championRmse, candidateRmse, hours, servedBy, trial, nonInferiority } = result;
  return [
    ['champion before', champion && `v${champion}`],
    ['candidate RMSE', tripsAnHour(candidateRmse)],
    ['champion RMSE', tripsAnHour(championRmse)],
    ['hours compared', hours ? amount(hours) : undefined],
    ['margin', nonInferiority && amount(nonInferiority.margin)],
    ['upper bound of the excess', nonInferiority && amount(nonInferiority.upperBound)],
    ['served by', listed(servedBy)],
    [trial?.mode ?? 'canary', trial && sentence(trial.reason)],
  ] as const;
}
