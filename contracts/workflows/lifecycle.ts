/** Workflow `lifecycle`: runs everything from the fetch to the drift check. */
import { Type, type Static } from 'typebox';
import { MODEL_OPTIONS, ROLLOUT_OPTIONS } from '../model-options.ts';
import { monthSpan } from '../months.ts';
import { AllowMissing, Cache, RuleSet, Sources } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import type { DeploymentResult } from './deployment.ts';
import type { IngestResult } from './ingest.ts';
import type { MonitoringResult } from './monitoring.ts';
import type { TrainingResult } from './training.ts';
import { QUARTER, YEAR } from '../example-months.ts';
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
  start: { order: 10, example: { system: DEFAULT_SYSTEM, train: YEAR, test: QUARTER } },
};

export interface LifecycleResult {
  readonly data: IngestResult;
  readonly training: TrainingResult;
  readonly deployment: DeploymentResult;
  readonly monitoring: MonitoringResult;
}
