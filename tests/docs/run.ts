/**
 * Runs the commands of the documentation (`make docs-check`), page by page, in a copy of the checkout and on a stack of its own.
 * Prints "N ran, N skipped, N failed" at the end. A command counts with its block.
 *
 * A comment `<!-- needs: docker -->` before a block leaves the block out; `<!-- this page needs: docker -->` leaves out a page.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../contracts/errors.ts';
import { pageBlocks, type PageBlock } from '../checks/docs/page-blocks.ts';
import { freeOffset } from '../free-offset.ts';
import { secondsSince } from '../runner/suite-outcome.ts';
import { ownStackEnv } from '../runner/own-stack-env.ts';
import { PageShell } from './page-shell.ts';
import { ScratchCopy } from './scratch-copy.ts';

/** Lists the pages that start the stack themselves, the first one from nothing. After the last one, a champion is served. */
const STARTING = ['docs/tutorial.md', 'README.md'];
/** Lists the generated pages, whose blocks show the form of a command, and the changelog. */
const LEFT_OUT = ['docs/cli.md', 'docs/workflow-inputs.md', 'CHANGELOG.md'];
/** Where `make demo` writes the synthetic system. */
const SAMPLE = '.stack/sample';
const SHOWN_LINES = 40;

class DocsRun {
  readonly #copy = new ScratchCopy();
  readonly #env: NodeJS.ProcessEnv;
  readonly #offset: number;
  #shell: PageShell | undefined;
  #hasChampion = false;
  readonly #counts = { ran: 0, skipped: 0, failed: 0 };

  constructor(offset: number) {
    this.#offset = offset;
    this.#env = {
      ...ownStackEnv(process.env, offset),
      // Without this, `make demo` would read the public archives where it reaches them.
      TRIPS_SOURCE: `file://${path.join(this.#copy.folder, SAMPLE)}`,
    };
  }

  /** Runs the given pages, or all. @returns the exit code. */
  async run(asked: readonly string[]): Promise<number> {
    const startedAt = Date.now();
    for (const page of asked.length > 0 ? asked : this.#allPages()) await this.#runPage(page);
    const { ran, skipped, failed } = this.#counts;
    say(`${secondsSince(startedAt).toFixed(0)} s\n${ran} ran, ${skipped} skipped, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  }

  clean(): void {
    this.#shell?.close();
    this.#citibike('reset', '--yes');
    this.#copy.remove();
  }

  #allPages(): string[] {
    const others = globSync(['*.md', 'docs/*.md', 'deploy/**/*.md'], {
      cwd: this.#copy.folder,
      exclude: [...STARTING, ...LEFT_OUT],
    });
    return [...STARTING, ...others.sort()];
  }

  /** Runs the blocks of a page. After a failure it skips the others, because they may need what failed. */
  async #runPage(page: string): Promise<void> {
    const text = readFileSync(path.join(this.#copy.folder, page), 'utf8');
    const blocks = pageBlocks(text).filter((block) => PageShell.canRun(block));
    const needsStack = blocks.some(({ needs }) => needs === undefined) && !STARTING.includes(page);
    let failure = needsStack ? this.#prepare() : undefined;
    this.#shell = new PageShell(this.#copy.folder, this.#env, this.#offset);
    for (const block of blocks) {
      const place = `${page}:${block.line}`;
      const reason = failure ?? (block.needs === undefined ? undefined : `needs ${block.needs}`);
      if (reason !== undefined) {
        this.#counts.skipped += 1;
        say(`${place} skipped: ${reason}`);
      } else if (!(await this.#runBlock(place, block))) {
        failure = `line ${block.line} failed`;
      }
    }
    this.#shell.close();
    this.#hasChampion ||= page === STARTING.at(-1);
    // The services start again with the files and settings of the checkout.
    if (this.#copy.restore()) this.#citibike('down');
  }

  /** Starts the stack, with a champion and a forecast. @returns why it did not start. */
  #prepare(): string | undefined {
    const startedAt = Date.now();
    try {
      this.#citibike('up');
      if (this.#hasChampion) return undefined;
      const source = JSON.stringify({ source: { trips: this.#env['TRIPS_SOURCE'] } });
      this.#citibike('sample', '--out', SAMPLE);
      this.#citibike('run', 'lifecycle', '--input', 'inputs/sample.yaml', '--json', source);
      this.#citibike('run', 'forecast');
    } catch (error) {
      this.#counts.failed += 1;
      say(messageOf(error));
      return 'the stack did not start';
    }
    this.#hasChampion = true;
    say(`stack with a champion: ready after ${secondsSince(startedAt).toFixed(0)} s`);
    return undefined;
  }

  async #runBlock(place: string, block: PageBlock): Promise<boolean> {
    const startedAt = Date.now();
    const { code, output } = await this.#shell!.run(block);
    const time = `${secondsSince(startedAt).toFixed(0)} s`;
    if (code === 0) {
      this.#counts.ran += 1;
      say(`${place} ran in ${time}`);
      return true;
    }
    this.#counts.failed += 1;
    say(`${place} failed with exit code ${code} after ${time}`);
    const lines = `${block.text}${output}`.trimEnd().split('\n');
    for (const line of lines.slice(-SHOWN_LINES)) say(`    ${line}`);
    return false;
  }

  #citibike(...args: string[]): void {
    const program = path.join(this.#copy.folder, 'client', 'bin.mjs');
    const options = { cwd: this.#copy.folder, env: this.#env, encoding: 'utf8' } as const;
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], options);
    if (status !== 0) throw new Error(`citibike ${args.join(' ')} failed: ${stderr.trim()}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const docs = new DocsRun(await freeOffset(16_000));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    docs.clean();
    process.exit(130);
  });
}
try {
  process.exitCode = await docs.run(process.argv.slice(2));
} finally {
  docs.clean();
}
