/**
 * Runs the deployment tests (`make test-deploy`) on the engine that `docker` reaches, and deletes what they made there, also after
 * SIGINT and SIGTERM. Arguments choose files by parts of their names.
 */
import { startVitest } from 'vitest/node';
import { ENGINE_PROBLEM } from './engine.ts';
import { removeAllProjects } from './remove-projects.ts';
import { SummaryReporter } from './summary-reporter.ts';

/** Deletes everything, and what an interrupted command has made meanwhile. */
async function clean(): Promise<void> {
  if (ENGINE_PROBLEM !== undefined) return;
  while (await removeAllProjects());
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void clean().finally(() => process.exit(130)));
await clean();
const vitest = await startVitest('test', process.argv.slice(2), {
  project: ['deploy'],
  watch: false,
  disableConsoleIntercept: true,
  reporters: ['verbose', new SummaryReporter()],
});
await vitest.close();
await clean();
