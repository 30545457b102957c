/** The bytes of a body as they come in. */
export class ReceivedBytes {
  #store: Buffer | undefined;
  #length = 0;

  add(chunk: Buffer): void {
    // Most bodies come in one chunk, which needs no copy.
    if (this.#store === undefined) {
      this.#store = chunk;
      this.#length = chunk.length;
      return;
    }
    const length = this.#length + chunk.length;
    if (length > this.#store.length) {
      // Memory follows what was sent, not what was promised.
      const grown = Buffer.allocUnsafeSlow(2 * length);
      this.#store.copy(grown, 0, 0, this.#length);
      this.#store = grown;
    }
    this.#store.set(chunk, this.#length);
    this.#length = length;
  }

  /** All bytes so far; more must not be added. */
  take(): Buffer {
    return this.#store?.subarray(0, this.#length) ?? Buffer.alloc(0);
  }
}
