import { Context } from '@temporalio/activity';
import {
  claimRetraining as claim,
  closeRetraining as close,
} from '../../adapters/postgres/drift-retrainings.ts';
import type { DriftActivities } from '../../contracts/activities/drift.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { readDriftRules } from './drift-rules-file.ts';

export function claimRetraining(deps: ActivityDependencies): DriftActivities['claimRetraining'] {
  return async (key) => {
    const { mostRetrainsAMonth } = await readDriftRules();
    return claim(deps.database, { ...key, workflowId: workflowId() }, mostRetrainsAMonth);
  };
}

export function closeRetraining(deps: ActivityDependencies): DriftActivities['closeRetraining'] {
  return ({ model, modelVersion, month, refit, heir, ...outcome }) =>
    close(
      deps.database,
      { model, modelVersion, month, workflowId: workflowId() },
      { ...outcome, refit: refit ?? heir ?? null },
    );
}

function workflowId(): string {
  return Context.current().info.workflowExecution?.workflowId ?? 'local';
}
