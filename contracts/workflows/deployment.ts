/** Workflow `deployment`: rolls a version out to the prediction service. */
import { Type, type Static } from 'typebox';
import { ModelAlias } from '../model-alias.ts';
import { ModelName, VersionNumber } from '../options.ts';
import { TrafficInput, type CanaryResult } from '../traffic.ts';
import {
  amount,
  counted,
  listed,
  outcome,
  sentence,
  versionLink,
  type Outcome,
  type StoredResult,
} from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

export const DeploymentInput = Type.Object(
  {
    model: Type.Optional(ModelName),
    alias: ModelAlias,
    version: Type.Optional(
      Type.String({ ...VersionNumber, title: 'version to roll out; default: the version of the alias' }),
    ),
    /** A `shadow` deployment ends with its figures and does not swap. */
    traffic: TrafficInput,
  },
  { additionalProperties: false },
);
export type DeploymentInput = Static<typeof DeploymentInput>;

export const contract: WorkflowContract = {
  name: 'deployment',
  title: 'Deploy',
  description: 'Roll out the champion, or a version by number, to the prediction service.',
  input: DeploymentInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: { order: 60, example: { alias: 'champion' } },
};

export interface DeploymentResult {
  readonly model: string;
  readonly version: string;
  /** Null after a shadow, which does not change the served version. */
  readonly generation: number | null;
  /** Addresses of the processes that serve the version. */
  readonly processes: readonly string[];
  /** Null without a canary or shadow: not requested, or no other version serves. */
  readonly trial: CanaryResult | null;
}

function outcomeOf(result: StoredResult<DeploymentResult>): Outcome {
  const { model, version, generation, processes, trial } = result;
  const where =
    generation === null && trial?.mode === 'shadow'
      ? `Version ${version ?? '?'} ran as a shadow and serves no request`
      : `Version ${version ?? '?'} serves on ${counted(processes?.length ?? 0, 'process', 'processes')}`;
  return outcome(
    `${where}. ${trial ? sentence(trial.reason) : ''}`.trim(),
    [
      ['processes', listed(processes)],
      ['generation', amount(generation)],
      [trial?.mode ?? 'canary', trial && `${trial.decision} after ${amount(trial.seconds, 's')}`],
    ],
    [versionLink(model, version)],
  );
}
