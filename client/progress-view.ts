/** Draws step trees: in place on a terminal, or as one line per event elsewhere. */
import readline from 'node:readline';
import type { StepState } from '../contracts/progress.ts';
import { visibleLine } from '../contracts/visible-text.ts';

/** Represents a step with the state of the child workflow that performs it. */
export interface StepNode {
  readonly name: string;
  readonly state: StepState;
  readonly seconds: number | undefined;
  readonly note: string;
  readonly children: readonly StepNode[];
}

const MARKS: Record<StepNode['state'], string> = {
  pending: '·',
  running: '▸',
  done: '✓',
  cached: '✓',
  failed: '✗',
  skipped: '–',
};

/** Sets the interval, in ms, at which a plain log repeats the note of a running step. */
const PLAIN_NOTE_MS = 5_000;

export class ProgressView {
  readonly #output: NodeJS.WriteStream;
  readonly #startedAt = Date.now();
  readonly #told = new Map<string, { state: string; note: string; at: number }>();
  #height = 0;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  draw(nodes: readonly StepNode[]): void {
    if (this.#output.isTTY) this.#redraw(nodes);
    else this.#log(nodes, '');
  }

  end(): void {
    this.#height = 0;
  }

  #redraw(nodes: readonly StepNode[]): void {
    if (this.#height > 0) readline.moveCursor(this.#output, 0, -this.#height);
    readline.cursorTo(this.#output, 0);
    readline.clearScreenDown(this.#output);
    const lines = linesOf(nodes, 1);
    const width = (this.#output.columns || 100) - 1;
    this.#output.write(lines.map((line) => `${line.slice(0, width)}\n`).join(''));
    this.#height = lines.length;
  }

  #log(nodes: readonly StepNode[], prefix: string): void {
    for (const node of nodes) {
      const name = prefix + node.name;
      const last = this.#told.get(name);
      const now = Date.now();
      const changed = node.state !== last?.state;
      const news =
        node.state === 'running' && node.note !== last?.note && now - (last?.at ?? 0) >= PLAIN_NOTE_MS;
      // The log shows a step's children before its end.
      if (node.state === 'running' && changed) this.#say(name, node);
      this.#log(node.children, `${name}.`);
      if (node.state !== 'pending' && ((changed && node.state !== 'running') || (news && !changed)))
        this.#say(name, node);
      if (changed || news) this.#told.set(name, { state: node.state, note: node.note, at: now });
    }
  }

  #say(name: string, node: StepNode): void {
    const elapsed = ((Date.now() - this.#startedAt) / 1000).toFixed(1).padStart(6);
    this.#output.write(`[${elapsed}s] ${describe(name, node)}\n`);
  }
}

function linesOf(nodes: readonly StepNode[], depth: number): string[] {
  return nodes.flatMap((node) => [
    `${'  '.repeat(depth)}${describe(node.name.padEnd(12), node)}`,
    ...linesOf(node.children, depth + 1),
  ]);
}

function describe(name: string, node: StepNode): string {
  const time = node.seconds === undefined ? '' : `${node.seconds.toFixed(1)}s`.padStart(7);
  const state = node.state === 'done' || node.state === 'running' ? '' : node.state;
  return visibleLine([MARKS[node.state], name, time, state, node.note].filter(Boolean).join(' ').trimEnd());
}
