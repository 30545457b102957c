/**
 * Bounds large requests over all callers: limits the bytes held in memory, and processes one request at a
 * time.
 */
import type { ServerResponse } from 'node:http';

/** Sets the bytes from which a body counts as large. Thousands of smaller bodies take as much memory as one large body. */
export const LARGE_BODY_BYTES = 64 * 1024;

export interface LargeBodyLimits {
  /** Maximum number of bytes of large bodies that have arrived and are not answered yet. */
  readonly bytes: number;
  /** Maximum number of large requests that wait for earlier ones. */
  readonly waiting: number;
}

export class LargeBodies {
  readonly limits: LargeBodyLimits;
  bytes = 0;
  /** Requests in processing order; the first is being processed. */
  readonly queue: LargeBody[] = [];

  constructor(limits: LargeBodyLimits) {
    this.limits = limits;
  }

  /** Checks whether another request would wait behind too many. */
  get isFull(): boolean {
    return this.queue.length > this.limits.waiting;
  }
}

/** Holds one large request. It leaves the queue when it is answered or its caller disconnects. */
export class LargeBody {
  readonly #all: LargeBodies;
  #bytes = 0;
  #goOn: () => void = () => undefined;

  constructor(all: LargeBodies, response: ServerResponse) {
    this.#all = all;
    response.once('close', () => this.leave());
  }

  /** Counts received bytes. @returns false when all large requests together hold too many. */
  hold(bytes: number): boolean {
    this.#bytes += bytes;
    this.#all.bytes += bytes;
    return this.#all.bytes <= this.#all.limits.bytes;
  }

  /**
   * Resolves when this request may be processed. It keeps its turn until it leaves. Never resolves if its
   * caller disconnects first.
   */
  enter(): Promise<void> {
    this.#all.queue.push(this);
    return new Promise((resolve) => {
      this.#goOn = resolve;
      if (this.#all.queue[0] === this) resolve();
    });
  }

  leave(): void {
    const { queue } = this.#all;
    this.#all.bytes -= this.#bytes;
    this.#bytes = 0;
    const place = queue.indexOf(this);
    if (place < 0) return;
    queue.splice(place, 1);
    const [next] = queue;
    if (place === 0 && next) next.#goOn();
  }
}
