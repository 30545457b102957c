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
import { TrafficInput } from '../traffic.ts';
import type { Comparison } from '../activities/register.ts';
import type { CanaryResult } from '../traffic.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/** Started by `training` and `rollback`, never by people: its fixed id `promotion-{model}` is the lock over the aliases. */
export const PromotionInput = Type.Object(
  {
    model: ModelName,
    version: VersionNumber,
    /** `rollback` compares nothing: a person has decided. */
    rule: Type.Union([...PromotionRule.anyOf, Type.Literal('rollback')], {
      default: 'threshold',
      description: "'threshold', 'non-inferiority', 'heir' or 'rollback'",
    }),
    /** Hours to compare on; the rules `threshold` and `non-inferiority` need them. */
    testFrame: Type.Optional(ArtifactRef),
    threshold: PromotionThreshold,
    margin: PromotionMargin,
    /** Of a rollback to alias `previous`: the champion it was asked against; another one by now is not rolled back. */
    expectedChampion: Type.Optional(VersionNumber),
    /** Added to the version's description: who approved, or why it is rolled back. */
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
  /** Addresses of the processes that proved it, or `worker` where no prediction service was alive. */
  readonly provenBy: readonly string[];
  /** Addresses of the processes that serve it now; empty where no prediction service was alive. */
  readonly servedBy: readonly string[];
  /** Generation of the service with this version as the desired one. Null where it was not promoted; absent from older runs. */
  readonly generation?: number | null;
  /** Null without a canary or shadow: not requested, or nothing to compare with. */
  readonly trial: CanaryResult | null;
}
