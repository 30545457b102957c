/** The bytes of a body as they come in. Chunks are copied: they may lie in memory that the next read overwrites. */
export class ReceivedBytes {
  #store: Buffer = Buffer.alloc(0);
  #length = 0;

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#store.length) {
      // Most bodies come in one chunk. Others grow by doubling, so that memory follows what was sent and not what was promised.
      const grown = Buffer.allocUnsafeSlow(this.#length === 0 ? length : 2 * length);
      this.#store.copy(grown, 0, 0, this.#length);
      this.#store = grown;
    }
    this.#store.set(chunk, this.#length);
    this.#length = length;
  }

  /** All bytes so far; more must not be added. */
  take(): Buffer {
    return this.#store.subarray(0, this.#length);
  }
}
