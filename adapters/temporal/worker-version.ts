/** Registers a worker as one version of a Temporal worker deployment. */
import { readFile } from 'node:fs/promises';
import type { WorkerDeploymentOptions, WorkflowBundleOption } from '@temporalio/worker';
import { CitibikeError } from '../../contracts/errors.ts';
import { VERSIONED_WORKER } from '../../contracts/versioned-worker.ts';

/** Represents the settings WORKER_DEPLOYMENT and WORKER_BUILD_ID. */
export interface WorkerDeploymentSettings {
  readonly name: string;
  /** Undefined: the commit of the checkout. */
  readonly buildId: string | undefined;
}

/**
 * Returns the deployment options of the workers. Runs are pinned unless they state another behaviour.
 * @param commit undefined outside a checkout.
 * @throws CitibikeError BAD_SETTING without a build id and a commit.
 */
export function deploymentOptions(
  { name, buildId }: WorkerDeploymentSettings,
  commit: string | undefined,
): WorkerDeploymentOptions {
  const build = buildId ?? commit;
  if (build === undefined) {
    throw new CitibikeError(
      'BAD_SETTING',
      'setting WORKER_BUILD_ID: got nothing, expected an id of the build, because WORKER_DEPLOYMENT is set and this folder is not a git checkout; set it, or build the image with --build-arg COMMIT=...',
      { name: 'WORKER_BUILD_ID' },
    );
  }
  return {
    version: { deploymentName: name, buildId: build },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}

/** Returns the same bundle for a versioned worker. The assignment joins the first line, so that source maps stay right. */
export async function versionedBundle(bundle: WorkflowBundleOption): Promise<WorkflowBundleOption> {
  const code = 'code' in bundle ? bundle.code : await readFile(bundle.codePath, 'utf8');
  return { code: `globalThis.${VERSIONED_WORKER} = true;${code}` };
}
