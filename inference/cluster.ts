/**
 * Runs several processes on one port. Each is a prediction service that follows the wanted version and leases its own row. The
 * primary only starts them, replaces those that die, and passes signals on.
 */
import cluster from 'node:cluster';
import path from 'node:path';
import type { Logger } from 'pino';
import { CitibikeError } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import { gatherMetrics } from './cluster-metrics.ts';

/** Sets the milliseconds before a dead process is replaced, so that one that dies at once does not keep the machine busy. */
const RESTART_MS = 1_000;

/**
 * Runs the cluster.
 * @returns when all processes have ended after a signal.
 * @throws CitibikeError BAD_SETTING if none could start.
 */
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
        // The signal itself ends a process that has not started yet.
        if (code !== 0 && signal !== 'SIGTERM') failures += 1;
        if (Object.keys(cluster.workers ?? {}).length === 0) resolve(failures);
        return;
      }
      if (!everListened) {
        stop('SIGTERM');
        reject(
          new CitibikeError('BAD_SETTING', 'no process of the service could start; see its output above'),
        );
        return;
      }
      logger.error(facts, 'a process of the service died; the primary starts a replacement');
      setTimeout(() => stopping || cluster.fork(), RESTART_MS);
    });
    for (let i = 0; i < workers; i++) cluster.fork();
  });
  logger.info({ failed }, 'all processes have ended');
  process.exitCode = failed === 0 ? 0 : 1;
}
