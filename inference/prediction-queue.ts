/**
 * Queues predictions for the log. A request only writes them into a block of memory; Postgres receives whole blocks later. The
 * queue is bounded: predictions that do not fit are dropped and counted, because logging must never fail a prediction.
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
  /** Maximum number of blocks in memory; one statement writes one block. */
  readonly blocks: number;
  readonly capacity: BlockCapacity;
  /** Milliseconds between two writes. */
  readonly flushMs: number;
  readonly onWritten?: (predictions: number) => void;
  readonly onDropped?: (predictions: number) => void;
  readonly log: { warn(facts: object, message: string): void };
}

/** Limits the number of empty blocks kept for reuse: as many as a full load fills while one is written. */
const MOST_SPARE = 4;

export class PredictionQueue {
  readonly #options: PredictionQueueOptions;
  readonly #timer: NodeJS.Timeout;
  /** One block per source: two during a canary, and more for a moment after a swap. */
  #open: PredictionBlock[] = [];
  /** Blocks that are full or being written, to which nothing is added. */
  readonly #waiting: PredictionBlock[] = [];
  /**
   * Written blocks for reuse. New blocks are memory outside the heap, and allocating many makes V8 collect garbage far more
   * often.
   */
  readonly #spare: PredictionBlock[] = [];
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: PredictionQueueOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), options.flushMs);
    this.#timer.unref();
  }

  /** Counts the predictions waiting to be written. */
  get size(): number {
    return [...this.#waiting, ...this.#open].reduce((sum, { rows }) => sum + rows, 0);
  }

  /**
   * Adds a prediction.
   * @param source the same object for all predictions of a version, because it identifies their block.
   */
  add(source: PredictionSource, logged: LoggedPrediction): void {
    if (this.#blockOf(source)?.append(logged)) return;
    if (this.#closeBlockOf(source)) {
      // A full block is written without waiting for the timer, so that few blocks suffice for any load.
      void this.flush();
      if (this.#blockOf(source)?.append(logged)) return;
    }
    this.#options.onDropped?.(1);
  }

  /** Writes the waiting blocks, or joins the write in progress. Never rejects. */
  flush(): Promise<void> {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Flushes for the last time. Blocks that cannot be written within `timeoutMs` are dropped and counted. */
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
        // A retryable error keeps the block. If only the answer was lost, the block is written twice, which is better than losing
        // it.
        if (error instanceof CitibikeError && error.retryable) return;
        this.#options.onDropped?.(block.rows);
      }
      this.#waiting.shift();
      if (this.#spare.length < MOST_SPARE) this.#spare.push(block);
    }
  }

  /** Returns the open block of a source, or a new one; undefined if all blocks are in use. */
  #blockOf(source: PredictionSource): PredictionBlock | undefined {
    for (const block of this.#open) if (block.source === source) return block;
    if (this.#open.length + this.#waiting.length >= this.#options.blocks) return undefined;
    const block = this.#spare.pop() ?? new PredictionBlock(source, this.#options.capacity);
    block.reuse(source);
    this.#open.push(block);
    return block;
  }

  /**
   * Moves the open block of a source to the waiting ones.
   * @returns whether it contained anything.
   */
  #closeBlockOf(source: PredictionSource): boolean {
    const index = this.#open.findIndex((block) => block.source === source);
    if (index < 0 || this.#open[index]!.rows === 0) return false;
    this.#waiting.push(...this.#open.splice(index, 1));
    return true;
  }
}
