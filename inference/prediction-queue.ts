/**
 * Answered rows on their way to the prediction log. A request only writes them into a block of memory; Postgres is told later, a block
 * at a time. The queue is bounded: what does not fit is dropped and counted, because a log must never cost a prediction.
 */
import { PredictionBatch, type LoggedPrediction } from '../adapters/postgres/prediction-batch.ts';
import { CitibikeError } from '../contracts/errors.ts';

export interface PredictionQueueOptions {
  readonly write: (batch: PredictionBatch) => Promise<void>;
  /** Blocks of memory held at most; rows of one are written by one statement. */
  readonly batches: number;
  readonly batchBytes: number;
  /** Milliseconds between two writes. */
  readonly flushMs: number;
  readonly onWritten?: (rows: number) => void;
  readonly onDropped?: (rows: number) => void;
  readonly log: { warn(facts: object, message: string): void };
}

export class PredictionQueue {
  readonly #options: PredictionQueueOptions;
  readonly #timer: NodeJS.Timeout;
  #open: PredictionBatch;
  /** Full, or being written: nothing is added to them any more. */
  readonly #waiting: PredictionBatch[] = [];
  #spare: PredictionBatch | undefined;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: PredictionQueueOptions) {
    this.#options = options;
    this.#open = new PredictionBatch(options.batchBytes);
    this.#timer = setInterval(() => void this.flush(), options.flushMs);
    this.#timer.unref();
  }

  /** Rows waiting to be written. */
  get size(): number {
    return this.#waiting.reduce((sum, { rows }) => sum + rows, this.#open.rows);
  }

  add(row: LoggedPrediction): void {
    if (this.#open.append(row)) return;
    if (this.#waiting.length + 1 < this.#options.batches && this.#open.rows > 0) {
      this.#turn();
      if (this.#open.append(row)) return;
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
    this.#open.clear();
  }

  async #drain(): Promise<void> {
    for (;;) {
      if (this.#waiting.length === 0 && this.#open.rows > 0) this.#turn();
      const batch = this.#waiting[0];
      if (!batch) return;
      try {
        await this.#options.write(batch);
        this.#options.onWritten?.(batch.rows);
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#options.log.warn({ err: error }, 'predictions cannot be logged');
        this.#failing = true;
        // An answer that was lost on its way back means the rows are written twice: better than not at all.
        if (error instanceof CitibikeError && error.retryable) return;
        this.#options.onDropped?.(batch.rows);
      }
      this.#waiting.shift();
      batch.clear();
      this.#spare = batch;
    }
  }

  #turn(): void {
    this.#waiting.push(this.#open);
    this.#open = this.#spare ?? new PredictionBatch(this.#options.batchBytes);
    this.#spare = undefined;
  }
}
