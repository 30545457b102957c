/** Represents memory that two threads share. Its size is fixed, so blocks leave nothing for a garbage collector. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** Most bytes of a block. */
  readonly blockBytes: number;
}

/** Limits the blocks that wait for the receiver. With more than one, it never waits while the sender processes a block itself. */
const PLACES = 4;

/** Indexes of the words before the blocks. The lengths of the blocks follow them. */
const SENT = 0;
const RECEIVED = 1;
/** Indexes the number of the end, which counts as a block and takes no place. */
const END = 2;
const LENGTHS = 3;
const WORDS = LENGTHS + PLACES;
const HEAD_BYTES = WORDS * Int32Array.BYTES_PER_ELEMENT;

/** Allocates memory for the places of the blocks. */
export function sharedMemory(blockBytes: number): SharedMemory {
  return { buffer: new SharedArrayBuffer(HEAD_BYTES + PLACES * blockBytes), blockBytes };
}

/** Passes blocks of bytes from one thread to one other, in order. */
export class SharedBlocks {
  readonly #words: Int32Array;
  readonly #places: readonly Uint8Array[];
  readonly blockBytes: number;

  constructor({ buffer, blockBytes }: SharedMemory) {
    this.blockBytes = blockBytes;
    this.#words = new Int32Array(buffer, 0, WORDS);
    this.#places = Array.from(
      { length: PLACES },
      (_, place) => new Uint8Array(buffer, HEAD_BYTES + place * blockBytes, blockBytes),
    );
  }

  /** Tells whether any block was sent. */
  get hasSent(): boolean {
    return this.#words[SENT]! > 0;
  }

  /** Sends a block unless all places are taken. @returns whether it was sent. */
  send(block: Uint8Array): boolean {
    const sent = this.#words[SENT]!;
    if (sent - Atomics.load(this.#words, RECEIVED) === PLACES) return false;
    this.#places[sent % PLACES]!.set(block);
    this.#words[LENGTHS + (sent % PLACES)] = block.length;
    this.#announce();
    return true;
  }

  /** Tells the receiver that no block follows. */
  end(): void {
    this.#words[END] = this.#words[SENT]! + 1;
    this.#announce();
  }

  /** Yields each block, which is overwritten afterwards. It blocks the thread until there is one. */
  *received(): Generator<Uint8Array> {
    for (let received = 0; ; received++) {
      Atomics.wait(this.#words, SENT, received);
      if (received + 1 === this.#words[END]) return;
      const length = this.#words[LENGTHS + (received % PLACES)]!;
      yield this.#places[received % PLACES]!.subarray(0, length);
      Atomics.add(this.#words, RECEIVED, 1);
    }
  }

  #announce(): void {
    Atomics.add(this.#words, SENT, 1);
    Atomics.notify(this.#words, SENT);
  }
}
