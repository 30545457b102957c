/** Workflow `search`: compares hyper-parameters within the training months. */
import { Type, type Static } from 'typebox';
import { ArtifactRef } from '../artifact.ts';
import { HyperParameters } from '../hyper-parameters.ts';
import { monthSpan } from '../months.ts';
import { RuleSet, FeatureSetName, Cache, Dataset, Seed, HyperParametersInput } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import { SEARCH_FIELDS } from '../search-options.ts';
import type { BestTrial, TrialCounts } from '../activities/search.ts';
import { YEAR } from '../example-months.ts';
import { amount, artifactLink, outcome, tripsAnHour, type Outcome, type StoredResult } from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

const Count = Type.Integer({ minimum: 0, description: 'an integer from 0' });

/** Defines the state of a long search, for the run that continues it. */
const SearchSoFar = Type.Object(
  {
    step: Type.Object({
      state: ArtifactRef,
      backend: Type.String(),
      chunkSizes: Type.Array(Count),
      counts: Type.Optional(Type.Object({ completed: Count, pruned: Count, failed: Count })),
      best: Type.Optional(
        Type.Object({ trial: Count, rmse: Type.Number(), hyperParameters: HyperParameters }),
      ),
      defaultRmse: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    }),
    rung: Count,
    /** Number of trainings, one per trial and rung. `found` counts scores that existed before. */
    trained: Count,
    found: Count,
    trainerSeconds: Type.Number(),
    synthetic: Type.Boolean(),
  },
  {
    title: 'state of an earlier run of the search; only the search sets it',
    internal: true,
    additionalProperties: false,
  },
);

export const SearchInput = Type.Object(
  {
    system: SystemId,
    train: monthSpan('months to search within'),
    rules: RuleSet,
    dataset: Type.Optional(Dataset),
    featureSet: FeatureSetName,
    /** They are the first trial. Other trials keep the fields that the search does not vary. */
    hyperParameters: HyperParametersInput,
    ...SEARCH_FIELDS,
    seed: Seed,
    cache: Cache,
    continueAfter: Type.Integer({
      title: 'number of history events after which the search continues as a new run, at the end of a rung',
      minimum: 1,
      default: 4000,
      description: 'an integer from 1',
    }),
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
  versioning: 'pinned',
  outcome: outcomeOf,
  start: { order: 40, example: { system: DEFAULT_SYSTEM, train: YEAR } },
};

export interface SearchResult {
  readonly best: BestTrial;
  /** RMSE of the input's hyper-parameters on the same hours. Null if their training failed. */
  readonly defaultRmse: number | null;
  /** MLflow run of the search. */
  readonly runId: string;
  readonly trials: number;
  /** Counts how the trials ended. Their sum is `trials`. Results of earlier versions lack them. */
  readonly counts?: TrialCounts;
  readonly folds: number;
  readonly backend: string;
  /** Sum over all trainer processes, from spawn to exit. */
  readonly trainerSeconds: number;
  /** JSON of `SearchState` after the last rung. */
  readonly state: ArtifactRef;
  readonly synthetic: boolean;
  /** True if every score existed before. */
  readonly cached: boolean;
}

function outcomeOf(result: StoredResult<SearchResult>): Outcome {
  const { best, defaultRmse, runId, trials, folds, trainerSeconds, backend, state } = result;
  const compared =
    typeof defaultRmse === 'number' ? `; the input's parameters have ${tripsAnHour(defaultRmse)}` : '';
  return outcome(
    `Trial ${amount(best?.trial) ?? '?'} is the best of ${amount(trials) ?? '?'} with RMSE ${tripsAnHour(best?.rmse) ?? '?'}${compared}.`,
    [
      ...Object.entries(best?.hyperParameters ?? {}).map(
        ([name, value]) => [name, typeof value === 'number' ? amount(value) : JSON.stringify(value)] as const,
      ),
      ['folds', amount(folds)],
      ['trainer time', result.cached ? 'cached' : amount(trainerSeconds, 's')],
      ['backend', backend],
    ],
    [runId ? { kind: 'experiment', runId } : undefined, artifactLink('state of the search', state)],
  );
}
