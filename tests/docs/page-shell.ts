/** Runs the blocks of a page as a reader does who types them into one shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORTS } from '../../settings.ts';
import type { PageBlock } from '../checks/docs/page-blocks.ts';

const TIMEOUT_MS = 30 * 60_000;
/** Sets the time for output that arrives after the end of a block. What the block leaves running may keep its output open. */
const LAST_OUTPUT_MS = 1_000;

/** How a reader carries out a block of each language. `$BLOCK` is a file with its text. */
const COMMANDS: Readonly<Record<string, string>> = { sh: '. "$BLOCK"', diff: 'git apply "$BLOCK"' };

/** Passes the folder and the variables of a block on to the next one. */
const WITH_STATE = `
  set -eo pipefail
  cd "$FOLDER"
  if [ -e "$STATE/folder" ]; then . "$STATE/variables"; cd "$(cat "$STATE/folder")"; fi
  trap 'export -p > "$STATE/variables"; pwd > "$STATE/folder"' EXIT
`;

interface BlockResult {
  readonly code: number;
  readonly output: string;
}

export class PageShell {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #offset: number;
  readonly #state = mkdtempSync(path.join(tmpdir(), 'citibike-shell-'));
  /** Groups of the processes that blocks started, except the stack, whose supervisor has a group of its own. */
  readonly #groups: number[] = [];

  /** @param offset added to the ports that blocks name. */
  constructor(folder: string, env: NodeJS.ProcessEnv, offset: number) {
    this.#folder = folder;
    this.#env = env;
    this.#offset = offset;
  }

  static canRun({ language }: PageBlock): boolean {
    return language in COMMANDS;
  }

  /** Runs a block, for half an hour at most. */
  async run({ language, text }: PageBlock): Promise<BlockResult> {
    const file = path.join(this.#state, 'block');
    writeFileSync(file, shiftPorts(text, this.#offset));
    const child = spawn('bash', ['-c', `${WITH_STATE}\n${COMMANDS[language]}`], {
      env: { ...this.#env, FOLDER: this.#folder, STATE: this.#state, BLOCK: file },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid !== undefined) this.#groups.push(child.pid);
    const timer = setTimeout(() => this.#end(), TIMEOUT_MS);
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk));
    const closed = once(child, 'close');
    const [code] = (await once(child, 'exit')) as [number | null];
    clearTimeout(timer);
    await Promise.race([closed, sleep(LAST_OUTPUT_MS)]);
    return { code: code ?? 1, output: Buffer.concat(output).toString() };
  }

  /** Ends what blocks left running, and forgets the state. */
  close(): void {
    this.#end();
    rmSync(this.#state, { recursive: true, force: true });
  }

  #end(): void {
    for (const group of this.#groups.splice(0)) {
      try {
        process.kill(-group, 'SIGTERM');
      } catch {
        // Every process of the group has ended.
      }
    }
  }
}

/** Adds the offset to the ports of the local stack in addresses such as `localhost:3000`. */
export function shiftPorts(text: string, offset: number): string {
  const ports = Object.values(PORTS).join('|');
  return text.replaceAll(
    new RegExp(String.raw`\b(localhost|127\.0\.0\.1):(${ports})\b`, 'g'),
    (_, host: string, port: string) => `${host}:${Number(port) + offset}`,
  );
}
