/**
 * Answered requests on their way to the prediction log. A request only appends here; writing happens later, in batches. The
 * queue is bounded: what does not fit is dropped and counted, because a log must never cost a prediction.
 */
import { CitibikeError } from '../contracts/errors.ts';
import type { LoggedPrediction } from '../adapters/postgres/prediction-log.ts';

/** One answered request; its rows are spread out only when they are written. */
export interface AnsweredRequest {
  readonly rows: number;
  spread(): LoggedPrediction[];
}

export interface PredictionQueueOptions {
  readonly write: (rows: readonly LoggedPrediction[]) => Promise<void>;
  /** Rows held at most. */
  readonly capacity: number;
  /** Milliseconds between two writes. */
  readonly flushMs: number;
  readonly onWritten?: (rows: number) => void;
  readonly onDropped?: (rows: number) => void;
  readonly log: { warn(facts: object, message: string): void };
}

/** Rows in one statement, about; a single request of more goes whole. */
const BATCH_ROWS = 1_000;

export class PredictionQueue {
  readonly #options: PredictionQueueOptions;
  readonly #timer: NodeJS.Timeout;
  #waiting: AnsweredRequest[] = [];
  #rows = 0;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(options: PredictionQueueOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), options.flushMs);
    this.#timer.unref();
  }

  /** Rows waiting to be written. */
  get size(): number {
    return this.#rows;
  }

  add(answered: AnsweredRequest): void {
    if (this.#rows + answered.rows > this.#options.capacity) {
      this.#options.onDropped?.(answered.rows);
      return;
    }
    this.#waiting.push(answered);
    this.#rows += answered.rows;
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
    if (this.#rows > 0) this.#drop(this.#waiting.length);
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      let requests = 0;
      const rows: LoggedPrediction[] = [];
      while (requests < this.#waiting.length && rows.length < BATCH_ROWS) {
        rows.push(...this.#waiting[requests++]!.spread());
      }
      try {
        await this.#options.write(rows);
        this.#take(requests);
        this.#options.onWritten?.(rows.length);
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#options.log.warn({ err: error }, 'predictions cannot be logged');
        this.#failing = true;
        // An answer that was lost on its way back means the rows are written twice: better than not at all.
        if (error instanceof CitibikeError && error.retryable) return;
        this.#drop(requests);
      }
    }
  }

  #take(requests: number): number {
    const rows = this.#waiting.splice(0, requests).reduce((sum, request) => sum + request.rows, 0);
    this.#rows -= rows;
    return rows;
  }

  #drop(requests: number): void {
    this.#options.onDropped?.(this.#take(requests));
  }
}
