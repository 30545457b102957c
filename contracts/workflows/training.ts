/** Workflow `training`: trains, evaluates, registers and promotes a version. */
import { Type, type Static } from 'typebox';
import { ApprovalInput } from '../approval.ts';
import { ArtifactRef } from '../artifact.ts';
import { MonthSpan } from '../months.ts';
import {
  System,
  RuleSet,
  FeatureSetName,
  Flag,
  Seed,
  ModelName,
  VersionNumber,
  PromotionRule,
  PromotionMargin,
  PromotionThreshold,
  HyperParametersInput,
} from '../options.ts';
import { SearchOptions } from '../search-options.ts';
import { TrafficInput } from '../traffic.ts';
import type { RegressionMetrics } from '../model.ts';
import type { PromotionResult } from './promotion.ts';
import type { SearchResult } from './search.ts';
import { QUARTER, YEAR } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const TrainingInput = Type.Object(
  {
    system: System,
    train: MonthSpan,
    /** Left out by the rule `heir` alone, whose twin was tested: an heir is trained on the newest months there are. */
    test: Type.Optional(MonthSpan),
    rules: RuleSet,
    /** Manifest of the months to use; left out: the newest data set of every month asked for. */
    dataset: Type.Optional(ArtifactRef),
    featureSet: FeatureSetName,
    hyperParameters: HyperParametersInput,
    /** Look for better ones first, within the training months; left out: train with those. */
    search: Type.Optional(SearchOptions),
    seed: Seed,
    model: Type.Optional(ModelName),
    promotionThreshold: PromotionThreshold,
    promotionRule: PromotionRule,
    /** Of the rule `non-inferiority`. */
    promotionMargin: PromotionMargin,
    /** Of the rule `heir`: the promoted version that this training repeats with newer months. */
    heirOf: Type.Optional(VersionNumber),
    /** Whether a person has to agree before a version is promoted. */
    approval: ApprovalInput,
    /** How requests come to a promoted version. */
    traffic: TrafficInput,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type TrainingInput = Static<typeof TrainingInput>;

export const contract: WorkflowContract = {
  name: 'training',
  title: 'Train a model',
  description: 'Train, evaluate and register a version, and promote it if it beats the champion.',
  input: TrainingInput,
  start: { order: 30, example: { system: 'nyc', train: YEAR, test: QUARTER } },
};

export interface TrainingResult {
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly backend: string;
  /** Seconds of training, from spawn to exit; of the run that made the model where it was cached. */
  readonly seconds: number;
  readonly metrics: RegressionMetrics;
  readonly naive: RegressionMetrics;
  readonly promotion: PromotionResult;
  /** Where one was asked for: what it found is what was trained with. */
  readonly search?: SearchResult;
  readonly synthetic: boolean;
  /** Days of the training span whose weather was carried forward. */
  readonly filledDays: readonly string[];
  readonly cached: boolean;
}
