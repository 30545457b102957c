/** Limits how fast the process reads and drops the rest of rejected bodies. */
import type { Readable } from 'node:stream';

/**
 * Sets the bytes and milliseconds between two turns, over all rejected bodies: about 16 MB per second. Chunks are
 * memory outside the heap, and a faster flow makes V8 collect the whole heap several times per second.
 */
const BYTES_PER_TURN = 64 * 1024;
const TURN_MS = 4;
/** Sets the fixed cost of a chunk, in equivalent bytes. */
const CHUNK_BYTES = 512;

class DropPace {
  #left = BYTES_PER_TURN;
  readonly #paused: Readable[] = [];

  /** Counts a chunk that the caller drops. Pauses its sender until a later turn when this turn has read enough. */
  drop(bytes: number, sender: Readable): void {
    this.#left -= bytes + CHUNK_BYTES;
    if (this.#left > 0) return;
    sender.pause();
    if (this.#paused.push(sender) === 1) this.#schedule();
  }

  #schedule(): void {
    setTimeout(() => {
      this.#left = BYTES_PER_TURN;
      this.#paused.shift()?.resume();
      if (this.#paused.length > 0) this.#schedule();
    }, TURN_MS);
  }
}

/** Is shared: all servers of a process share its memory and its time. */
export const dropPace = new DropPace();
