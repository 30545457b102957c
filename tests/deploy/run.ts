/**
 * Runs the deployment tests (`make test-deploy`) on the engine that `docker` reaches, and deletes what they made, also after SIGINT and
 * SIGTERM. Arguments choose files by parts of their names.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endCommands, execute } from '../runner/execute.ts';
import { ENGINE_PROBLEM } from './engine.ts';
import { removeAllProjects } from './remove-projects.ts';

const SUITE = path.join(import.meta.dirname, 'run-suite.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'citibike-deploy-test-'));

/** Deletes everything, and what an interrupted command has made meanwhile. */
async function clean(): Promise<void> {
  if (ENGINE_PROBLEM !== undefined) return;
  while (await removeAllProjects());
}

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    isInterrupted = true;
    endCommands();
  });
await clean();
const env = { ...process.env, TMPDIR: folder };
process.exitCode = isInterrupted
  ? 130
  : await execute(process.execPath, [SUITE, ...process.argv.slice(2)], { env, live: true });
await clean();
rmSync(folder, { recursive: true, force: true });
