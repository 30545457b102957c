/** Defines options that `lifecycle` passes on to `training`, in the order in which the console's form shows them. */
import { Type } from 'typebox';
import { ApprovalInput } from './approval.ts';
import { FeatureSetName, HyperParametersInput, ModelName, PromotionThreshold, Seed } from './options.ts';
import { SearchOptions } from './search-options.ts';
import { TrafficInput } from './traffic.ts';

export const MODEL_OPTIONS = {
  featureSet: FeatureSetName,
  hyperParameters: HyperParametersInput,
  search: Type.Optional(SearchOptions),
  seed: Seed,
  model: Type.Optional(ModelName),
  promotionThreshold: PromotionThreshold,
};

/** Defines the steps between the promotion rule and all traffic. */
export const ROLLOUT_OPTIONS = { approval: ApprovalInput, traffic: TrafficInput };
