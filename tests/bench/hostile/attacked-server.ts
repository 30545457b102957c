/**
 * Runs a server under attack as a child process with the probe loaded, and reads the probe over its IPC
 * channel.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeAnswer, Question } from './loop-probe.ts';

const START_TIMEOUT_MS = 120_000;
const PROBE = path.join(import.meta.dirname, 'loop-probe.ts');

export interface AttackedServer {
  readonly isAlive: boolean;
  probe(question: Question): Promise<ProbeAnswer>;
  stop(): Promise<void>;
}

/** @param flags additional flags of Node, besides the probe. */
export async function startAttacked(
  file: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  readyUrl: string,
): Promise<AttackedServer> {
  const server = spawn(process.execPath, [...flags, '--import', PROBE, file], {
    env: { ...process.env, ...env, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  const isReady = () =>
    fetch(readyUrl).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (server.exitCode !== null || Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`${path.basename(file)} is not ready at ${readyUrl}`);
    }
    await sleep(50);
  }
  return {
    get isAlive() {
      return server.exitCode === null && server.signalCode === null;
    },
    probe: (question) => ask(server, question),
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGTERM');
      await once(server, 'exit');
    },
  };
}

async function ask(server: ChildProcess, question: Question): Promise<ProbeAnswer> {
  server.send(question);
  const [answer] = (await once(server, 'message')) as [ProbeAnswer];
  return answer;
}
