/** Workflow `lifecycle`: everything from the fetch to the drift check. */
import { Type, type Static } from 'typebox';
import { ApprovalInput } from '../approval.ts';
import { MonthSpan } from '../months.ts';
import {
  System,
  RuleSet,
  FeatureSetName,
  Sources,
  Flag,
  Seed,
  ModelName,
  PromotionThreshold,
  HyperParametersInput,
} from '../options.ts';
import { SearchOptions } from '../search-options.ts';
import { TrafficInput } from '../traffic.ts';
import type { DeploymentResult } from './deployment.ts';
import type { IngestResult } from './ingest.ts';
import type { MonitoringResult } from './monitoring.ts';
import type { TrainingResult } from './training.ts';
import { QUARTER, YEAR } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const LifecycleInput = Type.Object(
  {
    system: System,
    train: MonthSpan,
    test: MonthSpan,
    /** Reference of the drift check; left out: the months a year before `test`. */
    reference: Type.Optional(MonthSpan),
    source: Type.Optional(Sources),
    rules: RuleSet,
    allowMissing: Flag(false),
    featureSet: FeatureSetName,
    hyperParameters: HyperParametersInput,
    /** Look for better ones first, within the training months; left out: train with those. */
    search: Type.Optional(SearchOptions),
    seed: Seed,
    model: Type.Optional(ModelName),
    promotionThreshold: PromotionThreshold,
    approval: ApprovalInput,
    traffic: TrafficInput,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type LifecycleInput = Static<typeof LifecycleInput>;

export const contract: WorkflowContract = {
  name: 'lifecycle',
  title: 'Whole lifecycle',
  description: 'Fetch, preprocess, train, register, deploy and check for drift.',
  input: LifecycleInput,
  start: { order: 10, example: { system: 'nyc', train: YEAR, test: QUARTER } },
};

export interface LifecycleResult {
  readonly data: IngestResult;
  readonly training: TrainingResult;
  readonly deployment: DeploymentResult;
  readonly monitoring: MonitoringResult;
}
