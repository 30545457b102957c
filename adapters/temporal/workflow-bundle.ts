/** Builds and loads the workflow bundle, which is rebuilt after source changes in development and prebuilt in production. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile, mkdtemp, realpath } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { CitibikeError } from '../../contracts/errors.ts';
import { workflowsEntry } from './workflows-entry.ts';

const PROJECT_DIR = path.join(import.meta.dirname, '..', '..');

/** Is the folder of the entry module, below `node_modules` so that the bundler finds the packages. */
const CACHE_DIR = path.join(PROJECT_DIR, 'node_modules', '.cache');

/** Modules of interceptors. The bundle must contain them; listing them for the worker is not enough. */
export const INTERCEPTOR_MODULES = [path.join(PROJECT_DIR, 'workflows', 'interceptors.ts')];

/** Builds the bundle. @param moreInterceptors modules of tests, whose interceptors run after the product's own. */
export async function buildWorkflowBundle(moreInterceptors: readonly string[] = []): Promise<string> {
  await mkdir(CACHE_DIR, { recursive: true });
  const folder = await mkdtemp(path.join(await realpath(CACHE_DIR), 'workflows-'));
  try {
    const workflowsPath = path.join(folder, 'entry.mjs');
    await writeFile(workflowsPath, workflowsEntry());
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      workflowInterceptorModules: [...INTERCEPTOR_MODULES, ...moreInterceptors],
    });
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the bundle that a worker runs.
 * @param prebuilt path of a prebuilt bundle (setting WORKFLOW_BUNDLE). A missing file is an error; no other bundle is built.
 * @param cacheDir cache of bundles by the digest of their sources, so that a worker restarts in 1 s instead of 5 s.
 */
export async function loadWorkflowBundle(
  prebuilt: string | undefined,
  cacheDir: string,
): Promise<WorkflowBundleOption> {
  if (prebuilt !== undefined) {
    if (existsSync(prebuilt)) return { codePath: prebuilt };
    throw new CitibikeError(
      'BAD_SETTING',
      `setting WORKFLOW_BUNDLE: no file at ${prebuilt}; build it with 'node deploy/build-workflow-bundle.ts'`,
    );
  }
  const codePath = path.join(cacheDir, `workflows-${await sourceDigest()}.js`);
  if (existsSync(codePath)) return { codePath };
  const draft = `${codePath}.${process.pid}`;
  await mkdir(cacheDir, { recursive: true });
  await writeFile(draft, await buildWorkflowBundle());
  for (const name of await readdir(cacheDir)) {
    if (/^workflows-[0-9a-f]+\.js$/.test(name)) await rm(path.join(cacheDir, name), { force: true });
  }
  await rename(draft, codePath);
  return { codePath };
}

/** Returns the digest of the bundle's sources and of the lock file, which fixes the packages. */
async function sourceDigest(): Promise<string> {
  const hash = createHash('sha256');
  const files = ['package-lock.json'];
  for (const folder of ['contracts', 'workflows']) {
    const entries = await readdir(path.join(PROJECT_DIR, folder), { recursive: true });
    files.push(...entries.filter((name) => name.endsWith('.ts')).map((name) => path.join(folder, name)));
  }
  for (const file of files.sort()) hash.update(file).update(await readFile(path.join(PROJECT_DIR, file)));
  return hash.digest('hex').slice(0, 16);
}
