/**
 * Shares turns of the event loop among large bodies that are being read, because senders on the same machine
 * are faster than any reader.
 */
import type { Readable } from 'node:stream';

/** Sets the bytes read per turn of the event loop; scanning them takes less than a millisecond. */
const BYTES_PER_TURN = 256 * 1024;
/** Sets the fixed cost of a chunk, in equivalent bytes. */
const CHUNK_BYTES = 512;
const RESUMED_PER_TURN = 4;

export class ReadPace {
  #left = BYTES_PER_TURN;
  #isScheduled = false;
  readonly #paused: Readable[] = [];

  /** Counts a chunk. Pauses its sender until a later turn when this turn has read enough. */
  read(bytes: number, sender: Readable): void {
    this.#left -= bytes + CHUNK_BYTES;
    this.#schedule();
    if (this.#left > 0) return;
    sender.pause();
    this.#paused.push(sender);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#left = BYTES_PER_TURN;
      for (const sender of this.#paused.splice(0, RESUMED_PER_TURN)) sender.resume();
      if (this.#paused.length > 0) this.#schedule();
    });
  }
}
