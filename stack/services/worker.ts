/** Defines the Temporal worker. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import { PROJECT_DIR } from '../../settings.ts';
import { ownEnvironment } from '../environment.ts';
import type { Service } from '../service.ts';
import type { ServiceContext } from './context.ts';

const WORKER_FILE = path.join(PROJECT_DIR, 'worker.ts');

interface TaskQueueDescription {
  readonly pollers?: readonly { readonly identity?: string }[] | null;
}

export function workerService(context: ServiceContext): Service {
  const { settings, software } = context;
  // One worker that restarts after each change needs no versions, and nobody would set the current one.
  const env = { ...ownEnvironment(context), WORKER_DEPLOYMENT: '' };
  return {
    name: 'worker',
    title: 'Worker',
    address: undefined,
    ports: [],
    needs: ['postgres', 's3', 'temporal'],
    // The worker may bundle the workflows first.
    startTimeoutMs: 90_000,
    // Each check starts a process.
    readyPollMs: 400,

    command: () => ({ file: process.execPath, args: [WORKER_FILE], env, cwd: PROJECT_DIR }),

    /** Reports ready when Temporal has seen the worker poll. A worker's identity starts with its pid by default. */
    async isReady(pid) {
      // The newer form of this call answers from a cache of five seconds.
      const describe = [
        'task-queue',
        'describe',
        '--legacy-mode',
        '--task-queue',
        TASK_QUEUE,
        '--output',
        'json',
      ];
      try {
        const { stdout } = await promisify(execFile)(
          software.temporal,
          [...describe, '--address', `127.0.0.1:${settings.ports.temporal}`, '--command-timeout', '5s'],
          { env },
        );
        const { pollers } = JSON.parse(stdout) as TaskQueueDescription;
        return (pollers ?? []).some(({ identity }) => identity?.startsWith(`${pid}@`));
      } catch {
        return false;
      }
    },
  };
}
