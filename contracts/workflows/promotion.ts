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
import type { WorkflowContract } from '../workflow-contract.ts';

/** Only `training` and `rollback` start a promotion. Its fixed id `promotion-{model}` is the lock on the aliases. */
export const PromotionInput = Type.Object(
  {
    model: ModelName,
    version: VersionNumber,
    /** The rule `rollback` compares nothing, because a person has decided. */
    rule: Type.Union([...PromotionRule.anyOf, Type.Literal('rollback')], {
      default: 'threshold',
      description: "'threshold', 'non-inferiority', 'refit' or 'rollback'",
      formerValues: { heir: 'refit' },
    }),
    /** Hours to compare on, for the rules `threshold` and `non-inferiority`. */
    testFrame: Type.Optional(ArtifactRef),
    threshold: PromotionThreshold,
    margin: PromotionMargin,
    /** A rollback to alias `previous` is rejected if another version became champion meanwhile. */
    expectedChampion: Type.Optional(VersionNumber),
    /** Appended to the version's description: who approved it, or why it is rolled back. */
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
};

export interface PromotionResult extends Comparison {
  readonly version: string;
  /** Addresses of the processes that proved the version, or `worker` if no prediction service was alive. */
  readonly provenBy: readonly string[];
  /** Addresses of the processes that serve the version; empty if no prediction service was alive. */
  readonly servedBy: readonly string[];
  /** Generation of the service with this version as the desired one. Null where it was not promoted; absent from older runs. */
  readonly generation?: number | null;
  /** Null without a canary or shadow: not requested, or nothing to compare with. */
  readonly trial: CanaryResult | null;
}
