/**
 * Predictions on their way to the log. A request only writes them into a block of memory; Postgres is told later, a block at a time. The
 * queue is bounded: what does not fit is dropped and counted, because a log must never cost a prediction.
 */
import {
  PredictionBlock,
  type BlockCapacity,
  type LoggedPrediction,
  type PredictionSource,
} from '../adapters/postgres/prediction-block.ts';
import { CitibikeError } from '../contracts/errors.ts';

export interface PredictionQueueOptions {
  readonly write: (block: PredictionBlock) => Promise<void>;
  /** Blocks of memory held at most; each is written by one statement. */
  readonly blocks: number;
  readonly capacity: BlockCapacity;
  /** Milliseconds between two writes. */
  readonly flushMs: number;
  readonly onWritten?: (predictions: number) => void;
  readonly onDropped?: (predictions: number) => void;
  readonly log: { warn(facts: object, message: string): void };
}

/** Blocks kept for the next predictions: what a full load goes through while one is written. */
const MOST_SPARE = 4;

export class PredictionQueue {
  readonly #options: PredictionQueueOptions;
  readonly #timer: NodeJS.Timeout;
  /** One a source: two during a canary, and more for a moment after a swap. */
  #open: PredictionBlock[] = [];
  /** Full, or being written: nothing is added to them any more. */
  readonly #waiting: PredictionBlock[] = [];
  /** Written before. New ones are memory outside the heap, and a flow of it makes V8 collect the heap far more often. */
  readonly #spare: PredictionBlock[] = [];
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: PredictionQueueOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), options.flushMs);
    this.#timer.unref();
  }

  /** Predictions waiting to be written. */
  get size(): number {
    return [...this.#waiting, ...this.#open].reduce((sum, { rows }) => sum + rows, 0);
  }

  /** @param source the same object for all predictions of a version, by which their block is known. */
  add(source: PredictionSource, logged: LoggedPrediction): void {
    if (this.#blockOf(source)?.append(logged)) return;
    if (this.#closeBlockOf(source)) {
      // A full block need not wait for the timer, and then few blocks do for any load.
      void this.flush();
      if (this.#blockOf(source)?.append(logged)) return;
    }
    this.#options.onDropped?.(1);
  }

  /** Writes what is waiting; joins the write that is under way. Never rejects. */
  flush(): Promise<void> {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Last flush; what cannot be written within `timeoutMs` is dropped and counted. */
  async close(timeoutMs: number): Promise<void> {
    clearInterval(this.#timer);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.flush().then(() => this.flush()), late]);
    clearTimeout(timer);
    if (this.size > 0) this.#options.onDropped?.(this.size);
    this.#waiting.length = 0;
    this.#open = [];
  }

  async #drain(): Promise<void> {
    for (;;) {
      if (this.#waiting.length === 0) {
        this.#waiting.push(...this.#open.filter(({ rows }) => rows > 0));
        this.#open = [];
      }
      const block = this.#waiting[0];
      if (!block) return;
      try {
        await this.#options.write(block);
        this.#options.onWritten?.(block.rows);
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#options.log.warn({ err: error }, 'predictions cannot be logged');
        this.#failing = true;
        // An answer that was lost on its way back means the block is written twice: better than not at all.
        if (error instanceof CitibikeError && error.retryable) return;
        this.#options.onDropped?.(block.rows);
      }
      this.#waiting.shift();
      if (this.#spare.length < MOST_SPARE) this.#spare.push(block);
    }
  }

  /** The open block of a source, or a new one; undefined when all blocks are taken. */
  #blockOf(source: PredictionSource): PredictionBlock | undefined {
    for (const block of this.#open) if (block.source === source) return block;
    if (this.#open.length + this.#waiting.length >= this.#options.blocks) return undefined;
    const block = this.#spare.pop() ?? new PredictionBlock(source, this.#options.capacity);
    block.reuse(source);
    this.#open.push(block);
    return block;
  }

  /** @returns whether there was a block with anything in it, which waits to be written now. */
  #closeBlockOf(source: PredictionSource): boolean {
    const index = this.#open.findIndex((block) => block.source === source);
    if (index < 0 || this.#open[index]!.rows === 0) return false;
    this.#waiting.push(...this.#open.splice(index, 1));
    return true;
  }
}
