/** Makes the input of a training from a search or from one of its trials. */
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import type { SearchPlan, SearchState } from '../../contracts/activities/search.ts';
import { addMonths } from '../../contracts/calendar.ts';
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { parseNewInput } from '../../contracts/new-input.ts';
import { bestTrialOf } from '../../contracts/search-outcome.ts';
import { showValue } from '../../contracts/show-value.ts';
import { featureSetNameOf } from '../../contracts/stored-names.ts';
import type { SearchInput, SearchResult } from '../../contracts/workflows/search.ts';
import type { TrainingInput, TrainingResult } from '../../contracts/workflows/training.ts';
import type { RunDetails } from './run-detail.ts';
import type { Sources } from './sources.ts';

/** Sets the months after the training that a training tests on, if no earlier training names others. */
const TEST_MONTHS = 3;

const MLFLOW_ID = /^[0-9a-f]{32}$/;

export interface TrainingFromSearch {
  readonly searchRunId: string;
  readonly trial: number;
  /** On hidden weeks. Null if the training of the trial failed or has not finished. */
  readonly rmse: number | null;
  readonly input: unknown;
}

type Chosen = Pick<TrainingFromSearch, 'trial' | 'rmse'> & { readonly hyperParameters: HyperParameters };

/**
 * Returns the input of a training on the months, features and hyper-parameters of a search.
 * @param id MLflow run of a search or a trial, or workflow id of a search or of a training that searched first. A search stands for
 * its best trial.
 * @throws HttpProblem 422 for anything else, 409 while the search has no best trial.
 */
export async function trainingFromSearch(
  sources: Sources,
  details: RunDetails,
  id: string,
): Promise<TrainingFromSearch> {
  const { upstreams, registry, storage } = sources;
  const runId = MLFLOW_ID.test(id) ? id : await searchRunOf(details, id);
  const { search, trial } = await upstreams.need('mlflow', () => registry.searchOf(runId));
  const { 'citibike.search_plan': planUri, 'citibike.search_state': stateUri } = search.tags;
  if (planUri === undefined) throw notSearch(id);
  const [plan, state] = await upstreams.need('s3', async () => [
    (await storage.json(planUri)) as SearchPlan,
    stateUri === undefined ? { closed: [] } : ((await storage.json(stateUri)) as SearchState),
  ]);
  const chosen = trial === undefined ? bestTrialOf(plan, state) : trialOf(plan, state, trial);
  if (!chosen)
    throw new HttpProblem(
      409,
      'conflict',
      `Search ${showValue(id)} has no best trial: it still runs, or was stopped. Name the MLflow run of one of its trials.`,
    );
  const { system, span, seed, featureSet } = plan.config;
  const input = {
    system,
    train: span,
    test: { from: addMonths(span.to, 1), to: addMonths(span.to, TEST_MONTHS) },
    featureSet: featureSetNameOf(featureSet),
    seed,
    hyperParameters: chosen.hyperParameters,
    ...(await dataOf(details, search.tags)),
  };
  const { hyperParameters: _, ...facts } = chosen;
  return { searchRunId: search.runId, ...facts, input: parseNewInput('training', input) };
}

/** Returns the MLflow run of a search by the result of its workflow. */
async function searchRunOf(details: RunDetails, workflowId: string): Promise<string> {
  const found = await details.get(workflowId);
  if (!found) throw new HttpProblem(503, 'upstream-unavailable', 'Neither Temporal nor Postgres answers.');
  const { run, result } = found;
  const ended = result as Partial<SearchResult & TrainingResult> | null;
  const runId = run.type === 'search' ? ended?.runId : ended?.search?.runId;
  if (runId !== undefined) return runId;
  if (run.type === 'search')
    throw new HttpProblem(
      409,
      'conflict',
      `Search ${showValue(workflowId)} has no result: it is ${run.state}.`,
    );
  throw notSearch(workflowId);
}

/**
 * Returns rule set and data set of a search. The data set of a standalone search ends with its months, so that only a search within
 * a training has one that covers test months.
 */
async function dataOf(
  details: RunDetails,
  tags: Readonly<Record<string, string>>,
): Promise<Partial<Pick<TrainingInput, 'rules' | 'dataset' | 'test'>>> {
  const { 'citibike.workflow_id': workflowId, 'citibike.workflow_run_id': runId } = tags;
  if (workflowId === undefined) return {};
  const searched = await details.get(workflowId, runId).catch(() => null);
  const { rules, dataset } = (searched?.input ?? {}) as Partial<SearchInput>;
  const parentId = searched?.run.parentId;
  const parent = parentId ? await details.get(parentId).catch(() => null) : null;
  const test = (parent?.input as { readonly test?: MonthSpan } | undefined)?.test;
  return {
    ...(rules !== undefined && { rules }),
    ...(dataset !== undefined && test !== undefined && { dataset, test }),
  };
}

function trialOf(
  plan: SearchPlan,
  { closed }: Pick<SearchState, 'closed'>,
  trial: number,
): Chosen | undefined {
  const hyperParameters = plan.trials[trial];
  const scores = closed.flatMap(({ ranking }) => ranking.filter((score) => score.trial === trial));
  return hyperParameters && { trial, rmse: scores.at(-1)?.rmse ?? null, hyperParameters };
}

function notSearch(id: string): HttpProblem {
  const message = `got ${showValue(id)}, expected the MLflow run or the workflow id of a search`;
  return new HttpProblem(422, 'invalid-input', `id: ${message}`, { errors: [{ field: 'id', message }] });
}
