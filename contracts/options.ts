/** Defines options that the inputs of several workflows share. */
import { Type, type Static } from 'typebox';
import { ArtifactRef } from './artifact.ts';
import { HyperParameters } from './hyper-parameters.ts';

export const RuleSet = Type.Union([Type.Literal('standard'), Type.Literal('all')], {
  title: 'rides that count: those of under an hour, or all whose start parses',
  default: 'standard',
  description: "'standard' or 'all'",
  formerValues: { seed: 'standard' },
});
export type RuleSet = Static<typeof RuleSet>;

export const FeatureSetName = Type.Union([Type.Literal('basic'), Type.Literal('demand')], {
  title: 'features of an hour: the 12 basic ones, or those of the demand model',
  default: 'demand',
  description: "'basic' or 'demand'",
  formerValues: { seed: 'basic' },
});
export type FeatureSetName = Static<typeof FeatureSetName>;

export const SourceUri = Type.String({
  pattern: '^(https?|s3|file)://.+',
  maxLength: 2000,
  description: 'an address that starts with https://, http://, s3:// or file://',
});

export const Sources = Type.Object(
  {
    trips: Type.Optional(Type.String({ ...SourceUri, title: 'address of the trip archives' })),
    weather: Type.Optional(Type.String({ ...SourceUri, title: 'address of the weather' })),
  },
  {
    title: 'addresses of archives and weather; default: the settings TRIPS_SOURCE and WEATHER_SOURCE',
    additionalProperties: false,
    description: 'an object such as {"trips": "s3://bucket/trips"}',
  },
);

export const Dataset = Type.Object(ArtifactRef.properties, {
  title: 'manifest of the data set to read; default: the newest data set of each month',
  additionalProperties: false,
  description: 'the reference `dataset` in the result of an ingest',
});

export const Seed = Type.Integer({
  title: 'seed of all random numbers',
  minimum: 0,
  maximum: 2 ** 31 - 1,
  default: 42,
  description: 'an integer from 0 to 2147483647',
});

export const Flag = (fallback: boolean, title: string) =>
  Type.Boolean({ title, default: fallback, description: 'true or false' });

export const Cache = Flag(true, 'reuse artifacts that were made from the same inputs');

export const AllowMissing = Flag(false, 'continue without months that the source lacks');

export const ModelName = Type.String({
  title: 'registered model; default: the setting MODEL_NAME',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$',
  description: 'a registered model name: letters, digits, _ . -',
});

export const VersionNumber = Type.String({
  title: 'version of the model',
  pattern: '^[1-9]\\d*$',
  description: 'a version number as a string',
});

export const Reason = Type.String({
  title: 'reason for people who read the version later',
  minLength: 1,
  maxLength: 2000,
  description: 'a text of 1 to 2000 characters',
});

/** A refit repeats the training of a promoted version with newer months, so it is promoted without a comparison. */
export const PromotionRule = Type.Union(
  [Type.Literal('threshold'), Type.Literal('non-inferiority'), Type.Literal('refit')],
  {
    title: 'when to promote: better by the threshold, not worse by more than the margin, or as a refit',
    default: 'threshold',
    description: "'threshold', 'non-inferiority' or 'refit'",
    formerValues: { heir: 'refit' },
  },
);

export const PromotionThreshold = Type.Number({
  title: "rule threshold: minimum improvement of RMSE, as a fraction of the champion's",
  minimum: 0,
  maximum: 1,
  default: 0.1,
  description: 'a fraction from 0 to 1',
});

export const PromotionMargin = Type.Number({
  title: "rule non-inferiority: most that RMSE may be worse, as a fraction of the champion's",
  minimum: 0,
  maximum: 1,
  default: 0.05,
  description: 'a fraction from 0 to 1',
});

/** Defaults to an empty object, so that each omitted field gets its own default. */
export const HyperParametersInput = Type.Object(HyperParameters.properties, {
  title: 'hyper-parameters of the networks; omitted fields use defaults',
  additionalProperties: false,
  default: {},
  description: 'an object such as {"epochs": 25, "batch": 64}',
});
