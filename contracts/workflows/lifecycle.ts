/** Workflow `lifecycle`: runs everything from the fetch to the drift check. */
import { Type, type Static } from 'typebox';
import { MODEL_OPTIONS, ROLLOUT_OPTIONS } from '../model-options.ts';
import { monthSpan } from '../months.ts';
import { AllowMissing, Cache, RuleSet, Sources } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import { contract as deployment, type DeploymentResult } from './deployment.ts';
import { contract as ingest, type IngestResult } from './ingest.ts';
import { contract as monitoring, type MonitoringResult } from './monitoring.ts';
import { contract as training, type TrainingResult } from './training.ts';
import { QUARTER, YEAR } from '../example-months.ts';
import { amount, listed, outcome, share, tripsAnHour, type Outcome, type StoredResult } from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const LifecycleInput = Type.Object(
  {
    system: SystemId,
    train: monthSpan('months to train on'),
    test: monthSpan('later months to evaluate on and to check for drift'),
    reference: Type.Optional(
      monthSpan('reference of the drift check; default: the months a year before `test`'),
    ),
    source: Type.Optional(Sources),
    rules: RuleSet,
    allowMissing: AllowMissing,
    ...MODEL_OPTIONS,
    ...ROLLOUT_OPTIONS,
    cache: Cache,
  },
  { additionalProperties: false },
);
export type LifecycleInput = Static<typeof LifecycleInput>;

export const contract: WorkflowContract = {
  name: 'lifecycle',
  title: 'Whole lifecycle',
  description: 'Fetch, preprocess, train, register, deploy and check for drift.',
  input: LifecycleInput,
  versioning: 'upgrades-if-it-waits',
  outcome: outcomeOf,
  start: { order: 10, example: { system: DEFAULT_SYSTEM, train: YEAR, test: QUARTER } },
};

export interface LifecycleResult {
  readonly data: IngestResult;
  readonly training: TrainingResult;
  readonly deployment: DeploymentResult;
  readonly monitoring: MonitoringResult;
}

function outcomeOf(result: StoredResult<LifecycleResult>, input: StoredResult<LifecycleInput>): Outcome {
  const parts = [
    result.data && ingest.outcome?.(result.data, input),
    result.training && training.outcome?.(result.training, input),
    result.deployment && deployment.outcome?.(result.deployment, input),
    result.monitoring && monitoring.outcome?.(result.monitoring, input),
  ].filter((part) => part !== null && part !== undefined);
  const { metrics, naive } = result.training ?? {};
  const links = new Map(parts.flatMap((part) => part.links.map((link) => [JSON.stringify(link), link])));
  return outcome(
    parts.map(({ summary }) => summary).join(' '),
    [
      ['data', result.data?.synthetic ? 'synthetic' : undefined],
      ['months', amount(result.data?.months)],
      ['trips', amount(result.data?.trips)],
      ['test RMSE', tripsAnHour(metrics?.rmse)],
      ['naive RMSE', tripsAnHour(naive?.rmse)],
      ['coverage (90 %)', share(metrics?.coverage)],
      ['served by', listed(result.deployment?.processes)],
      ['drift', result.monitoring?.decision],
    ],
    [...links.values()],
  );
}
