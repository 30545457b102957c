/** Workflow inputs: one JSON object each, with defaults, checked at the start of the workflow and by the command line. */
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ApprovalInput } from './approval.ts';
import { ArtifactRef } from './artifact.ts';
import { BatchPredictionInput } from './batch-prediction.ts';
import { DEFAULT_LATE_MONTHS } from './backtest-lateness.ts';
import { HyperParameters } from './hyper-parameters.ts';
import { assertFits, spanProblems } from './input-problems.ts';
import { jsonCopy } from './json-copy.ts';
import { ModelAlias } from './model-alias.ts';
import { Month, MonthSpan } from './months.ts';
import { SEARCH_FIELDS, SearchOptions } from './search-options.ts';
import { TrafficInput } from './traffic.ts';

export const System = Type.Union([Type.Literal('nyc'), Type.Literal('jc')], {
  default: 'nyc',
  description: "'nyc' or 'jc'",
});
export type System = Static<typeof System>;

export const RuleSet = Type.Union([Type.Literal('seed'), Type.Literal('all')], {
  default: 'seed',
  description: "'seed' or 'all'",
});
export type RuleSet = Static<typeof RuleSet>;

export const FeatureSetName = Type.Union([Type.Literal('seed'), Type.Literal('demand')], {
  default: 'demand',
  description: "'seed' or 'demand'",
});
export type FeatureSetName = Static<typeof FeatureSetName>;

const SourceUri = Type.String({
  pattern: '^(https?|s3|file)://.+',
  maxLength: 2000,
  description: 'an address that starts with https://, http://, s3:// or file://',
});

/** Where raw data come from; what is left out comes from the settings TRIPS_SOURCE and WEATHER_SOURCE. */
const Sources = Type.Object(
  { trips: Type.Optional(SourceUri), weather: Type.Optional(SourceUri) },
  { additionalProperties: false },
);

const Fraction = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const Seed = Type.Integer({
  minimum: 0,
  maximum: 2 ** 31 - 1,
  default: 42,
  description: 'an integer from 0 to 2147483647',
});
const Flag = (fallback: boolean) => Type.Boolean({ default: fallback, description: 'true or false' });
const ModelName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$',
  description: 'a registered model name: letters, digits, _ . -',
});
const VersionNumber = Type.String({
  pattern: '^[1-9]\\d*$',
  description: 'a model version number as a string',
});
const Reason = Type.String({ minLength: 1, maxLength: 2000, description: 'a text of 1 to 2000 characters' });

/** How a retraining is judged: better by the threshold, not worse by more than the margin, or as heir of the twin that was. */
const PromotionRule = Type.Union(
  [Type.Literal('threshold'), Type.Literal('non-inferiority'), Type.Literal('heir')],
  { default: 'threshold', description: "'threshold', 'non-inferiority' or 'heir'" },
);
const PromotionMargin = Type.Number({
  minimum: 0,
  maximum: 1,
  default: 0.05,
  description: "a fraction from 0 to 1: by how much the candidate's RMSE may be above the champion's",
});

/** An object by default, so that what is left out of it, or all of it, gets the defaults of each field. */
const HyperParametersInput = Type.Object(HyperParameters.properties, {
  additionalProperties: false,
  default: {},
  description: 'an object of hyper-parameters (contracts/hyper-parameters.ts)',
});

export const IngestInput = Type.Object(
  {
    system: System,
    from: Month,
    to: Month,
    /** Further spans of the same data set. */
    also: Type.Optional(Type.Array(MonthSpan, { maxItems: 8 })),
    source: Type.Optional(Sources),
    rules: RuleSet,
    /** Go on without the months that the source does not have, instead of failing by name. */
    allowMissing: Flag(false),
    /** Fail where the weather source has nothing of a year; otherwise its months are made, and a frame of them is refused later on. */
    requireWeather: Flag(false),
    /** Reuse artifacts already made from the same inputs. */
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type IngestInput = Static<typeof IngestInput>;

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
    promotionThreshold: Type.Number({
      ...Fraction('a fraction from 0 to 1: by how much of its RMSE the champion must be beaten'),
      default: 0.1,
    }),
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

const Count = Type.Integer({ minimum: 0, description: 'an integer from 0' });

/** Where a run of `search` that grew long was, for the run that goes on from there. */
const SearchSoFar = Type.Object(
  {
    step: Type.Object({
      state: ArtifactRef,
      backend: Type.String(),
      chunkSizes: Type.Array(Count),
      best: Type.Optional(
        Type.Object({ trial: Count, rmse: Type.Number(), hyperParameters: HyperParameters }),
      ),
      defaultRmse: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    }),
    rung: Count,
    /** Trials by rung that were trained, and those whose score was there. */
    trained: Count,
    found: Count,
    trainerSeconds: Type.Number(),
    synthetic: Type.Boolean(),
  },
  { additionalProperties: false },
);

export const SearchInput = Type.Object(
  {
    system: System,
    train: MonthSpan,
    rules: RuleSet,
    /** Manifest of the months to use; left out: the newest data set of every month asked for. */
    dataset: Type.Optional(ArtifactRef),
    featureSet: FeatureSetName,
    /** The first trial; the others keep what the search does not vary. */
    hyperParameters: HyperParametersInput,
    ...SEARCH_FIELDS,
    seed: Seed,
    cache: Flag(true),
    /** Events of history after which the search continues as a new run, at the end of a rung. */
    continueAfter: Type.Integer({ minimum: 1, default: 4000, description: 'an integer from 1' }),
    /** Set by the search itself. */
    resume: Type.Optional(SearchSoFar),
  },
  { additionalProperties: false },
);
export type SearchInput = Static<typeof SearchInput>;

export const BacktestInput = Type.Object(
  {
    system: System,
    /** Months to predict, both ends inclusive. */
    from: Month,
    to: Month,
    /** First month to train on; left out: twelve months before `from`. */
    trainFrom: Type.Optional(Month),
    /** Train on so many months at most, the newest; left out: on all since `trainFrom`. */
    window: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 240, description: 'a number of months from 1 to 240' }),
    ),
    /** Whole months that are not there yet when a month begins: see contracts/backtest-lateness.ts for the default. */
    lateMonths: Type.Integer({
      minimum: 0,
      maximum: 12,
      default: DEFAULT_LATE_MONTHS,
      description: 'a number of months from 0 to 12',
    }),
    rules: RuleSet,
    /** Manifest of the months to use; left out: the newest data set of every month asked for. */
    dataset: Type.Optional(ArtifactRef),
    featureSet: FeatureSetName,
    hyperParameters: HyperParametersInput,
    seed: Seed,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type BacktestInput = Static<typeof BacktestInput>;

export const DeploymentInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    alias: ModelAlias,
    /** Roll this version out instead of the alias'. */
    version: Type.Optional(VersionNumber),
    /** `shadow` ends with what was found: the version that serves goes on serving. */
    traffic: TrafficInput,
  },
  { additionalProperties: false },
);
export type DeploymentInput = Static<typeof DeploymentInput>;

/** A retraining is fitted through the month before the last of `current`, judged on that, and if promoted fitted again through it. */
const Retraining = Type.Object(
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
    retraining: Retraining,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type MonitoringInput = Static<typeof MonitoringInput>;

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
    promotionThreshold: TrainingInput.properties.promotionThreshold,
    approval: ApprovalInput,
    traffic: TrafficInput,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type LifecycleInput = Static<typeof LifecycleInput>;

/** Back to the version before, or to a named one. */
export const RollbackInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    /** Left out: the version with alias `previous`. */
    version: Type.Optional(VersionNumber),
    reason: Type.Optional(Reason),
  },
  { additionalProperties: false },
);
export type RollbackInput = Static<typeof RollbackInput>;

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
    threshold: TrainingInput.properties.promotionThreshold,
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

export const INPUT_SCHEMAS = {
  lifecycle: LifecycleInput,
  ingest: IngestInput,
  training: TrainingInput,
  search: SearchInput,
  backtest: BacktestInput,
  deployment: DeploymentInput,
  monitoring: MonitoringInput,
  batchPrediction: BatchPredictionInput,
  rollback: RollbackInput,
} as const;

/**
 * The input with its defaults filled in.
 * @throws CitibikeError INVALID_INPUT naming every wrong field, what it got and what it wants.
 */
export function parseInput<T extends TSchema>(what: string, schema: T, value: unknown): Static<T> {
  const filled = Value.Default(schema, withoutYearNoGrowth(jsonCopy(what, value ?? {})));
  assertFits(`input of ${what} is`, schema, filled, spanProblems);
  return filled;
}

/**
 * Feature set `seed` is what people move from: 12 features, none of which says the year, and a model that knows no growth. So its
 * default for `growth` is false; every other feature set has the one of `HyperParameters`.
 */
function withoutYearNoGrowth(value: unknown): unknown {
  if (!isRecord(value)) return value;
  // Where a workflow says how to train: `training` and its like at the top, `monitoring` in `retraining`.
  for (const asked of [value, value['retraining']]) {
    if (!isRecord(asked) || asked['featureSet'] !== 'seed') continue;
    const given = asked['hyperParameters'] ?? {};
    // Anything else is refused by the schema.
    if (isRecord(given)) asked['hyperParameters'] = { growth: false, ...given };
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
