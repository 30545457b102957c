/** Runs a program of the product as a child process and captures all its output. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PROJECT_DIR } from '../../../settings.ts';

export class LoggedProcess {
  readonly #process: ChildProcess;
  #log = '';

  /** @param settings variables that override the environment of the tests. */
  constructor(program: string, settings: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [path.join(PROJECT_DIR, program)], {
      cwd: PROJECT_DIR,
      env: { ...process.env, ...settings, LOG_LEVEL: 'debug' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
  }

  get log(): string {
    return this.#log;
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
