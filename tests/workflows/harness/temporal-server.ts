/** Starts one Temporal server and builds one workflow bundle for all files (Vitest global setup). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TestProject } from 'vitest/node';
import { buildWorkflowBundle } from '../../../adapters/temporal/workflow-bundle.ts';
import { loadSettings } from '../../../settings.ts';
import { installBinary } from '../../../stack/install/binary.ts';
import { TEMPORAL } from '../../../stack/versions.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/progress.ts';
import { installQuietRuntime } from '../../fixtures/quiet-runtime.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
    workflowBundle: string;
  }
}

const SKIP_TIME = path.join(import.meta.dirname, 'skip-time.ts');

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  installQuietRuntime();
  const report = (message: string) => void process.stdout.write(`${message}\n`);
  const binary = await installBinary(TEMPORAL, path.join(loadSettings().stackDir, 'bin'), report);
  const [environment, code, folder] = await Promise.all([
    TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: binary },
        searchAttributes: Object.values(SEARCH_ATTRIBUTES),
      },
    }),
    buildWorkflowBundle([SKIP_TIME]),
    mkdtemp(path.join(tmpdir(), 'citibike-workflows-')),
  ]);
  const workflowBundle = path.join(folder, 'workflows.js');
  await writeFile(workflowBundle, code);
  project.provide('temporalAddress', environment.address);
  project.provide('workflowBundle', workflowBundle);
  return async () => {
    await environment.teardown();
    await rm(folder, { recursive: true, force: true });
  };
}
