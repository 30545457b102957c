/**
 * Several processes on one port, one a core where throughput is wanted. Each is a prediction service of its own: it follows the wanted
 * version and leases its row by itself; the primary only starts them, replaces those that die, and passes signals on.
 */
import cluster from 'node:cluster';
import path from 'node:path';
import type { Logger } from 'pino';
import { CitibikeError } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import { gatherMetrics } from './cluster-metrics.ts';

/** Before a dead process is replaced: one that dies at once must not keep the machine busy. */
const RESTART_MS = 1_000;

/** @returns when all processes have ended after a signal. @throws CitibikeError BAD_SETTING when none could start. */
export async function runCluster({ workers }: Settings['inference'], logger: Logger): Promise<void> {
  gatherMetrics();
  cluster.setupPrimary({ exec: path.join(import.meta.dirname, 'server.ts') });
  let stopping = false;
  let everListened = false;

  const stop = (signal: NodeJS.Signals): void => {
    if (!stopping) logger.info({ signal }, 'draining all processes');
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  const failed = await new Promise<number>((resolve, reject) => {
    let failures = 0;
    cluster.on('listening', () => (everListened = true));
    cluster.on('exit', (worker, code, signal) => {
      const facts = { pid: worker.process.pid, code, signal };
      if (stopping) {
        // One that had not started yet ends by the signal itself.
        if (code !== 0 && signal !== 'SIGTERM') failures += 1;
        if (Object.keys(cluster.workers ?? {}).length === 0) resolve(failures);
        return;
      }
      if (!everListened) {
        stop('SIGTERM');
        reject(
          new CitibikeError('BAD_SETTING', 'no process of the service could start; what it said is above'),
        );
        return;
      }
      logger.error(facts, 'a process of the service died; another takes its place');
      setTimeout(() => stopping || cluster.fork(), RESTART_MS);
    });
    for (let i = 0; i < workers; i++) cluster.fork();
  });
  logger.info({ failed }, 'all processes have ended');
  process.exitCode = failed === 0 ? 0 : 1;
}
