/** The workflow bundle: built at start in development, once and ahead in production (`citibike bundle`). */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { CitibikeError } from '../../contracts/errors.ts';

const PROJECT_DIR = path.join(import.meta.dirname, '..', '..');
const WORKFLOWS = path.join(PROJECT_DIR, 'workflows', 'index.ts');

/** Interceptors must be in the bundle; naming them to the worker alone would leave them out. */
export const INTERCEPTOR_MODULES = [path.join(PROJECT_DIR, 'workflows', 'interceptors.ts')];

export async function buildWorkflowBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    workflowInterceptorModules: INTERCEPTOR_MODULES,
  });
  return code;
}

/**
 * @param prebuilt path of a bundle made ahead (setting WORKFLOW_BUNDLE); missing there is an error, never a reason to build another.
 */
export async function loadWorkflowBundle(prebuilt: string | undefined): Promise<WorkflowBundleOption> {
  if (prebuilt === undefined) return { code: await buildWorkflowBundle() };
  if (!existsSync(prebuilt)) {
    throw new CitibikeError(
      'BAD_SETTING',
      `setting WORKFLOW_BUNDLE: no file at ${prebuilt}; make it with 'citibike bundle'`,
    );
  }
  return { codePath: prebuilt };
}
