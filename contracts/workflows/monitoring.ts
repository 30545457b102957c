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
import {
  amount,
  artifactLink,
  counted,
  outcome,
  sentence,
  versionLink,
  type Outcome,
  type StoredResult,
} from '../outcome.ts';
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
  outcome: outcomeOf,
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

const DECISIONS: Readonly<Record<string, string>> = {
  keep: 'No drift that matters: the version stays',
  watch: 'Some drift: watch the next weeks',
  retrain: 'Drift: the version should be retrained',
  alert: 'Drift: a person should look at the data',
};

function outcomeOf(result: StoredResult<MonitoringResult>): Outcome {
  const { system, model, version, decision, weeks, driftedWeeks, reasons, withTrips, report, html } = result;
  const { retraining, retrainingSkipped } = result;
  const followed = retraining
    ? `A retraining made version ${retraining.version}, which was ${retraining.promoted ? 'promoted' : 'not promoted'}: ${retraining.reason}`
    : retrainingSkipped && decision !== 'keep'
      ? `No version was retrained (${retrainingSkipped})`
      : '';
  const refit = retraining?.refit ?? retraining?.heir;
  return outcome(
    `${sentence(DECISIONS[decision ?? ''] ?? decision ?? 'checked')} ${sentence(followed)}`.trim(),
    [
      ['decision', decision],
      ['weeks with drift', `${amount(driftedWeeks) ?? '?'} of ${counted(weeks ?? 0, 'week')}`],
      ['reason', reasons?.[0]],
      ['checked', withTrips === false ? 'weather and forecast only: trips are not published' : undefined],
      ['checked version', version && `v${version}`],
      ['retrained version', retraining && `v${retraining.version}`],
      ['refit', refit && `v${refit.version}, ${refit.promoted ? 'promoted' : 'not promoted'}`],
    ],
    [
      system && version && report ? { kind: 'drift', system, version, report: report.uri } : undefined,
      versionLink(model, version),
      versionLink(model, retraining?.version),
      retraining ? { kind: 'run', workflowId: retraining.workflowId } : undefined,
      artifactLink('drift report', html),
    ],
  );
}
