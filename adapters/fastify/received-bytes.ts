/** Collects the bytes of a body as they arrive. */
export class ReceivedBytes {
  #store: Buffer | undefined;
  #length = 0;

  add(chunk: Buffer): void {
    // Most bodies arrive in one chunk, which needs no copy.
    if (this.#store === undefined) {
      this.#store = chunk;
      this.#length = chunk.length;
      return;
    }
    const length = this.#length + chunk.length;
    if (length > this.#store.length) {
      // Memory grows with the bytes received, not with the declared length.
      const grown = Buffer.allocUnsafeSlow(2 * length);
      this.#store.copy(grown, 0, 0, this.#length);
      this.#store = grown;
    }
    this.#store.set(chunk, this.#length);
    this.#length = length;
  }

  /** Returns all bytes so far. The caller must not add more. */
  take(): Buffer {
    return this.#store?.subarray(0, this.#length) ?? Buffer.alloc(0);
  }
}
