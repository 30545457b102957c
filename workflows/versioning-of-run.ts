/** Decides whether a run ends on the build that started it, or moves to newer builds. */
import { makeContinueAsNewFunc, workflowInfo, type WorkflowInfo } from '@temporalio/workflow';
import type { WorkflowDefinitionOptions } from '@temporalio/common';
import { VERSIONED_WORKER } from '../contracts/versioned-worker.ts';

/**
 * Returns the versioning behaviour of this run, as an option of every workflow. A versioned worker pins runs by default. A run moves
 * to newer builds if it may wait for days, or if it started before workers were versioned.
 */
export function versioningOfRun(): WorkflowDefinitionOptions {
  const { [VERSIONED_WORKER]: isVersioned } = globalThis as { readonly [VERSIONED_WORKER]?: boolean };
  const info = workflowInfo();
  const moves = info.memo?.['upgrades'] === true || !isVersionedRun(info);
  return isVersioned && moves ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
}

/**
 * Continues a run that may wait for days as one that moves to newer builds, so that its build can drain. A run states its behaviour
 * before it knows its input, so its memo carries the decision. Callers call it before any command. Histories of unversioned workers
 * have no deployment name, so they replay unchanged without `patched`.
 */
export async function upgradeIf(mayWait: boolean, raw: unknown): Promise<void> {
  const info = workflowInfo();
  if (!mayWait || info.memo?.['upgrades'] === true || !isVersionedRun(info)) return;
  await makeContinueAsNewFunc<(raw: unknown) => Promise<unknown>>({ memo: { ...info.memo, upgrades: true } })(
    raw,
  );
}

/** Checks whether the task runs, or in a replay ran, on a versioned worker. Other workers have no deployment name. */
function isVersionedRun({ currentDeploymentVersion }: WorkflowInfo): boolean {
  return Boolean(currentDeploymentVersion?.deploymentName);
}
