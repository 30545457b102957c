/** Workflow `search`: looks for better hyper-parameters within the training months. */
import { Type, type Static } from 'typebox';
import { ArtifactRef } from '../artifact.ts';
import { HyperParameters } from '../hyper-parameters.ts';
import { MonthSpan } from '../months.ts';
import { System, RuleSet, FeatureSetName, Flag, Seed, HyperParametersInput } from '../options.ts';
import { SEARCH_FIELDS } from '../search-options.ts';
import type { BestTrial } from '../activities/search.ts';
import { YEAR } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

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

export const contract: WorkflowContract = {
  name: 'search',
  title: 'Search hyper-parameters',
  description: 'Compare hyper-parameters within the training months.',
  input: SearchInput,
  start: { order: 40, example: { system: 'nyc', train: YEAR } },
};

export interface SearchResult {
  readonly best: BestTrial;
  /** RMSE of the hyper-parameters that were there before, on the same hours; null when their training failed. */
  readonly defaultRmse: number | null;
  /** MLflow run of the search. */
  readonly runId: string;
  readonly trials: number;
  readonly folds: number;
  readonly backend: string;
  /** Of all trainer processes, from spawn to exit. */
  readonly trainerSeconds: number;
  /** JSON of `SearchState` after the last rung. */
  readonly state: ArtifactRef;
  readonly synthetic: boolean;
  /** Every trial was found. */
  readonly cached: boolean;
}
