/** Starts a console for one test beside the stack's, with its own port and settings. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PROJECT_DIR } from '../../../settings.ts';
import { freePort } from '../../fixtures/own-service.ts';

const SERVER = path.join(PROJECT_DIR, 'console', 'api', 'server.ts');
const START_TIMEOUT_MS = 60_000;

export interface OwnConsole {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param env variables that override the environment of this process. */
export async function startOwnConsole(env: Record<string, string>): Promise<OwnConsole> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [SERVER], {
    cwd: PROJECT_DIR,
    env: { ...process.env, CONSOLE_PORT: String(port), LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (
    !(await fetch(`${url}/livez`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`the console ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error('the console does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
