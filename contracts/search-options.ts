/** How a search goes about it: of `search`'s input, and of `training`'s where one is asked for. */
import { Type, type Static } from 'typebox';

/** Fields of `SearchOptions`, which `search` has at the top of its input and `training` under `search`. */
export const SEARCH_FIELDS = {
  /** Sets of hyper-parameters to try; the defaults are always among them. */
  trials: Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'an integer from 1 to 1000' }),
  /** Whole weeks of the training months are dealt out to so many folds, each held out once. */
  folds: Type.Integer({ minimum: 2, maximum: 8, default: 3, description: 'an integer from 2 to 8' }),
  /** Successive halving: each rung trains twice as many epochs as the one before it, the last one all. */
  rungs: Type.Integer({ minimum: 1, maximum: 6, default: 3, description: 'an integer from 1 to 6' }),
  /** One in so many trials of a rung goes on to the next. */
  reduction: Type.Integer({ minimum: 2, maximum: 8, default: 3, description: 'an integer from 2 to 8' }),
  /** Trainers at once, over all workers. The result does not depend on it. */
  parallelism: Type.Integer({
    minimum: 1,
    maximum: 32,
    default: 2,
    description: 'an integer from 1 to 32',
  }),
} as const;

export const SearchOptions = Type.Object(SEARCH_FIELDS, {
  additionalProperties: false,
  description: 'an object such as {"trials": 50, "folds": 3}',
});
export type SearchOptions = Static<typeof SearchOptions>;
