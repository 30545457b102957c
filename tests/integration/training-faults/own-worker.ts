/** Starts the product's worker as a process of one test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { TEMPORARY_FOLDERS } from '../../fixtures/temporary-folders.ts';
import { PROJECT_DIR } from '../../../settings.ts';
import { allProcesses } from '../../../stack/process-table.ts';
import { until } from './until.ts';

const READY = 'worker ready on';

export class OwnWorker {
  readonly pid: number;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.pid = child.pid!;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
  }

  /** @param settings override the environment of the tests. Returns when the worker polls. */
  static async start(settings: Readonly<Record<string, string>>): Promise<OwnWorker> {
    const worker = new OwnWorker(
      spawn(process.execPath, [path.join(PROJECT_DIR, 'worker.ts')], {
        cwd: PROJECT_DIR,
        env: { ...process.env, SOURCE_ALLOW: TEMPORARY_FOLDERS, ...settings, LOG_LEVEL: 'info' },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    await until('the worker is ready', () => {
      if (worker.#hasEnded) throw new Error(`the worker ended: ${worker.#log.slice(-2000)}`);
      return worker.#log.includes(READY) || undefined;
    });
    return worker;
  }

  /** Returns its complete log. */
  get log(): string {
    return this.#log;
  }

  /** Returns its trainer processes that train. */
  trainers(): number[] {
    return allProcesses()
      .filter(({ parent, command }) => parent === this.pid && /trainer\.ts train /.test(command))
      .map(({ pid }) => pid);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}
