/** Options that the inputs of several workflows share. */
import { Type, type Static } from 'typebox';
import { HyperParameters } from './hyper-parameters.ts';

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
export const Sources = Type.Object(
  { trips: Type.Optional(SourceUri), weather: Type.Optional(SourceUri) },
  { additionalProperties: false },
);

const Fraction = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

export const Seed = Type.Integer({
  minimum: 0,
  maximum: 2 ** 31 - 1,
  default: 42,
  description: 'an integer from 0 to 2147483647',
});

export const Flag = (fallback: boolean) => Type.Boolean({ default: fallback, description: 'true or false' });

export const ModelName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$',
  description: 'a registered model name: letters, digits, _ . -',
});

export const VersionNumber = Type.String({
  pattern: '^[1-9]\\d*$',
  description: 'a model version number as a string',
});

export const Reason = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'a text of 1 to 2000 characters',
});

/** How a retraining is judged: better by the threshold, not worse by more than the margin, or as heir of the twin that was. */
export const PromotionRule = Type.Union(
  [Type.Literal('threshold'), Type.Literal('non-inferiority'), Type.Literal('heir')],
  { default: 'threshold', description: "'threshold', 'non-inferiority' or 'heir'" },
);

export const PromotionThreshold = Type.Number({
  ...Fraction('a fraction from 0 to 1: by how much of its RMSE the champion must be beaten'),
  default: 0.1,
});

export const PromotionMargin = Type.Number({
  minimum: 0,
  maximum: 1,
  default: 0.05,
  description: "a fraction from 0 to 1: by how much the candidate's RMSE may be above the champion's",
});

/** An object by default, so that what is left out of it, or all of it, gets the defaults of each field. */
export const HyperParametersInput = Type.Object(HyperParameters.properties, {
  additionalProperties: false,
  default: {},
  description: 'an object of hyper-parameters (contracts/hyper-parameters.ts)',
});
