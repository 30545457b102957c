/** Workflow `monitoring`: checks months for drift and retrains if the decision asks for it. */
import { Type, type Static } from 'typebox';
import { ApprovalInput } from '../approval.ts';
import { monthSpan } from '../months.ts';
import {
  RuleSet,
  FeatureSetName,
  Sources,
  Flag,
  Cache,
  Seed,
  ModelName,
  PromotionMargin,
  HyperParametersInput,
  Dataset,
} from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import { TrafficInput } from '../traffic.ts';
import type { DriftCheck } from '../activities/drift.ts';
import { QUARTER } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/**
 * Defines how a retraining works. The candidate trains through the month before the last month of `current` and is compared on
 * that last month. The refit of a promoted candidate includes the last month.
 */
const RetrainingOptions = Type.Object(
  {
    months: Type.Integer({
      title: 'number of months to train on',
      minimum: 2,
      maximum: 240,
      default: 12,
      description: 'a number of months from 2 to 240',
    }),
    featureSet: FeatureSetName,
    hyperParameters: HyperParametersInput,
    seed: Seed,
    promotionMargin: PromotionMargin,
    approval: ApprovalInput,
    traffic: TrafficInput,
  },
  {
    title: 'options of a retraining',
    additionalProperties: false,
    default: {},
    description: 'an object such as {"months": 12}',
  },
);

export const MonitoringInput = Type.Object(
  {
    system: SystemId,
    reference: Type.Optional(
      monthSpan('months to compare with; default: the months a year before `current`'),
    ),
    /** A scheduled run defaults to the month before its scheduled time in the zone of the system. */
    current: Type.Optional(monthSpan('months to check for drift')),
    rules: RuleSet,
    dataset: Type.Optional(Dataset),
    source: Type.Optional(Sources),
    model: Type.Optional(ModelName),
    /** A later run adds the quality of predictions. A scheduled run does both without this option. */
    withoutTrips: Flag(
      false,
      'check weather and forecast only, while the trips of `current` are not published',
    ),
    retrain: Flag(false, 'retrain, promote and roll out if the decision is to retrain'),
    retraining: RetrainingOptions,
    cache: Cache,
  },
  { additionalProperties: false },
);
export type MonitoringInput = Static<typeof MonitoringInput>;

export const contract: WorkflowContract = {
  name: 'monitoring',
  title: 'Check for drift',
  description: 'Compare new months with those of a year before, and decide whether to retrain.',
  input: MonitoringInput,
  versioning: 'upgrades-if-it-waits',
  start: { order: 70, example: { system: DEFAULT_SYSTEM, current: QUARTER, retrain: false } },
};

export interface MonitoringResult extends DriftCheck {
  readonly rows: number;
  /** Null without a retraining. `retrainingSkipped` then has the reason. */
  readonly retraining: Retraining | null;
  readonly retrainingSkipped: string | null;
}

/** Represents a version that a retraining trained. */
export interface RetrainedVersion {
  readonly workflowId: string;
  readonly version: string;
  readonly promoted: boolean;
  readonly reason: string;
}

/** Represents the candidate of a retraining, and its refit through the newest month. */
export interface Retraining extends RetrainedVersion {
  /** Null if the candidate was not promoted. */
  readonly refit: RetrainedVersion | null;
  /** Former name of `refit`, which readers of older results use. */
  readonly heir: RetrainedVersion | null;
}
