/** Defines the options of a search, which `search` and `training` share. */
import { Type, type Static } from 'typebox';

/** Defines the fields at the top level of a `search` input, and in `search` of a `training` input. */
export const SEARCH_FIELDS = {
  trials: Type.Integer({
    title: 'sets of hyper-parameters to compare, the given one included',
    minimum: 1,
    maximum: 1000,
    default: 50,
    description: 'an integer from 1 to 1000',
  }),
  /** Each fold holds out whole weeks of the training months. */
  folds: Type.Integer({
    title: 'folds of the training weeks, each held out once',
    minimum: 2,
    maximum: 8,
    default: 3,
    description: 'an integer from 2 to 8',
  }),
  /** Successive halving. The last rung trains all epochs. */
  rungs: Type.Integer({
    title: 'rungs, each with twice the epochs of the rung before',
    minimum: 1,
    maximum: 6,
    default: 3,
    description: 'an integer from 1 to 6',
  }),
  reduction: Type.Integer({
    title: 'factor by which each rung reduces the number of trials',
    minimum: 2,
    maximum: 8,
    default: 3,
    description: 'an integer from 2 to 8',
  }),
  /** The result does not depend on it. */
  parallelism: Type.Integer({
    title: 'trainers at once, over all workers',
    minimum: 1,
    maximum: 32,
    default: 2,
    description: 'an integer from 1 to 32',
  }),
} as const;

export const SearchOptions = Type.Object(SEARCH_FIELDS, {
  title: 'search for hyper-parameters before the training; default: no search',
  additionalProperties: false,
  description: 'an object such as {"trials": 50, "folds": 3}',
});
export type SearchOptions = Static<typeof SearchOptions>;
