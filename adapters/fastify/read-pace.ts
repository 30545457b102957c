/** Shares the event loop's turns among large bodies that are being read: senders on the same machine are faster than any reader. */
import type { Readable } from 'node:stream';

/** Scanned in less than a millisecond. */
const BYTES_A_TURN = 256 * 1024;
/** What a chunk costs apart from its bytes. */
const CHUNK_BYTES = 512;
const RESUMED_A_TURN = 4;
/**
 * Milliseconds between two chunks of bodies that are rejected already, over all of them: some 16 MB a second. Every chunk is memory outside
 * the heap, and a fast flow of it makes V8 collect the whole heap several times a second.
 */
const DROP_MS = 4;

export class ReadPace {
  #left = BYTES_A_TURN;
  #isScheduled = false;
  readonly #paused: Readable[] = [];
  readonly #dropping: Readable[] = [];

  /** Counts a chunk; pauses its sender until a later turn when this turn has read enough. */
  read(bytes: number, sender: Readable): void {
    this.#left -= bytes + CHUNK_BYTES;
    this.#schedule();
    if (this.#left > 0) return;
    sender.pause();
    this.#paused.push(sender);
  }

  /** For a chunk that is read only so that its sender comes to read the answer. */
  drop(sender: Readable): void {
    sender.pause();
    if (this.#dropping.push(sender) === 1) this.#dropNext();
  }

  #dropNext(): void {
    setTimeout(() => {
      this.#dropping.shift()?.resume();
      if (this.#dropping.length > 0) this.#dropNext();
    }, DROP_MS);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#left = BYTES_A_TURN;
      for (const sender of this.#paused.splice(0, RESUMED_A_TURN)) sender.resume();
      if (this.#paused.length > 0) this.#schedule();
    });
  }
}
