/** Starts a Temporal server on a lasting database, which the test kills and starts again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isListening } from '../../../stack/ports.ts';
import { SEARCH_ATTRIBUTES } from '../../../stack/services/temporal.ts';

const START_TIMEOUT_MS = 60_000;

export class OwnTemporal {
  readonly address: string;
  readonly #binary: string;
  readonly #folder: string;
  readonly #port: number;
  #server: ChildProcess | undefined;

  private constructor(binary: string, folder: string, port: number) {
    this.#binary = binary;
    this.#folder = folder;
    this.#port = port;
    this.address = `127.0.0.1:${port}`;
  }

  /** @param binary Temporal's command line; @param folder for its database. */
  static async start(binary: string, folder: string): Promise<OwnTemporal> {
    const temporal = new OwnTemporal(binary, folder, await freePort());
    await temporal.start();
    return temporal;
  }

  async start(): Promise<void> {
    this.#server = spawn(
      this.#binary,
      [
        ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(this.#port)],
        ...['--db-filename', path.join(this.#folder, 'temporal.db'), '--log-level', 'error'],
        ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
        ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      ],
      { stdio: 'ignore' },
    );
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await isListening(this.#port))) {
      if (Date.now() > deadline) throw new Error(`no Temporal at ${this.address} after a minute`);
      await sleep(100);
    }
  }

  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
