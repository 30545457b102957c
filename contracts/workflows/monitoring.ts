/** Workflow `monitoring`: checks months for drift and retrains where that is decided. */
import { Type, type Static } from 'typebox';
import { ApprovalInput } from '../approval.ts';
import { ArtifactRef } from '../artifact.ts';
import { MonthSpan } from '../months.ts';
import {
  System,
  RuleSet,
  FeatureSetName,
  Sources,
  Flag,
  Seed,
  ModelName,
  PromotionMargin,
  HyperParametersInput,
} from '../options.ts';
import { TrafficInput } from '../traffic.ts';
import type { DriftCheck } from '../activities/drift.ts';
import { QUARTER } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/** A retraining is fitted through the month before the last of `current`, judged on that, and if promoted fitted again through it. */
const RetrainingOptions = Type.Object(
  {
    /** Months fitted on. */
    months: Type.Integer({
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
  { additionalProperties: false, default: {}, description: 'an object that says how to retrain' },
);

export const MonitoringInput = Type.Object(
  {
    system: System,
    /** Left out: the months a year before `current`. */
    reference: Type.Optional(MonthSpan),
    /** Left out, on a schedule only: the month before the scheduled time, New York. */
    current: Type.Optional(MonthSpan),
    rules: RuleSet,
    dataset: Type.Optional(ArtifactRef),
    source: Type.Optional(Sources),
    model: Type.Optional(ModelName),
    /**
     * While trips of `current` are not published: check weather and forecast alone, and leave the quality of predictions for a later
     * run to complete. A scheduled run does so by itself, waits, and completes its own rows.
     */
    withoutTrips: Flag(false),
    /** Retrain, promote and roll out when that is the decision. */
    retrain: Flag(false),
    /** How a retraining is trained, judged and rolled out. */
    retraining: RetrainingOptions,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type MonitoringInput = Static<typeof MonitoringInput>;

export const contract: WorkflowContract = {
  name: 'monitoring',
  title: 'Check for drift',
  description: 'Compare new months with those of a year before, and decide whether to retrain.',
  input: MonitoringInput,
  start: { order: 70, example: { system: 'nyc', current: QUARTER, retrain: false } },
};

export interface MonitoringResult extends DriftCheck {
  readonly rows: number;
  /** Null where none was decided, asked for or allowed; then `retrainingSkipped` says why. */
  readonly retraining: Retraining | null;
  readonly retrainingSkipped: string | null;
}

/** One of the two trainings of a retraining. */
export interface RetrainedVersion {
  readonly workflowId: string;
  readonly version: string;
  readonly promoted: boolean;
  readonly reason: string;
}

/** Fitted through the month before the last of current and judged on that; if promoted, fitted again through it. */
export interface Retraining extends RetrainedVersion {
  /** Null where the candidate was not promoted. */
  readonly heir: RetrainedVersion | null;
}
