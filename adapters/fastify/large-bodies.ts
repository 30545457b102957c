/** Large requests, over all callers: how many bytes of them are held, and that one at a time is worked on. */
import type { ServerResponse } from 'node:http';

/** Bodies that stay below are not counted: thousands of them fit into what one large one takes. */
export const LARGE_BODY_BYTES = 64 * 1024;

export interface LargeBodyLimits {
  /** Bytes of large bodies that have come in and are not answered yet. */
  readonly bytes: number;
  /** Large requests that wait until those before them are answered. */
  readonly waiting: number;
}

export class LargeBodies {
  readonly limits: LargeBodyLimits;
  bytes = 0;
  /** In the order in which they go on; the first is worked on. */
  readonly queue: LargeBody[] = [];

  constructor(limits: LargeBodyLimits) {
    this.limits = limits;
  }

  /** Whether one more would wait behind too many. */
  get isFull(): boolean {
    return this.queue.length > this.limits.waiting;
  }
}

/** One of them. It leaves when its answer is there, or its caller goes away. */
export class LargeBody {
  readonly #all: LargeBodies;
  #bytes = 0;
  #goOn: () => void = () => undefined;

  constructor(all: LargeBodies, response: ServerResponse) {
    this.#all = all;
    response.once('close', () => this.leave());
  }

  /** @returns false when all together hold too many. */
  hold(bytes: number): boolean {
    this.#bytes += bytes;
    this.#all.bytes += bytes;
    return this.#all.bytes <= this.#all.limits.bytes;
  }

  /** Resolves when it is this one's turn, which lasts until it leaves; never when its caller goes away first. */
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
