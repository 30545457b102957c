/**
 * Stores millions of 64-bit keys in bounded memory. Keys are written to a file in blocks of one bucket each, then read and
 * sorted one bucket at a time.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Lists where each bucket's keys are in the file: plain data, which can be sent to another thread. */
export interface KeyFile {
  readonly file: string;
  readonly buckets: readonly (readonly { readonly at: number; readonly keys: number }[])[];
}

const BYTES_PER_KEY = 8;

export class KeyBuckets {
  readonly #path: string;
  readonly #file: number;
  readonly #blockKeys: number;
  /** The unfinished block of each bucket, low word before high word as in a BigUint64. */
  readonly #words: Uint32Array;
  readonly #filled: Int32Array;
  readonly #blocks: { at: number; keys: number }[][];
  #written = 0;
  #isOpen = true;

  /** @param blockKeys keys per block, which is what a bucket holds in memory. */
  constructor(file: string, buckets: number, blockKeys: number) {
    this.#path = file;
    this.#file = openSync(file, 'w');
    this.#blockKeys = blockKeys;
    this.#words = new Uint32Array(buckets * blockKeys * 2);
    this.#filled = new Int32Array(buckets);
    this.#blocks = Array.from({ length: buckets }, () => []);
  }

  add(bucket: number, high: number, low: number): void {
    const filled = this.#filled[bucket]!;
    const at = (bucket * this.#blockKeys + filled) * 2;
    this.#words[at] = low;
    this.#words[at + 1] = high;
    this.#filled[bucket] = filled + 1;
    if (filled + 1 === this.#blockKeys) this.#flush(bucket);
  }

  /** Writes the unfinished blocks. */
  close(): KeyFile {
    for (let bucket = 0; bucket < this.#filled.length; bucket++) this.#flush(bucket);
    this.abandon();
    return { file: this.#path, buckets: this.#blocks };
  }

  /** Closes the file, whose keys nobody needs if it is not complete. */
  abandon(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  #flush(bucket: number): void {
    const keys = this.#filled[bucket]!;
    if (keys === 0) return;
    const from = bucket * this.#blockKeys * 2;
    const bytes = new Uint8Array(this.#words.buffer, from * 4, keys * BYTES_PER_KEY);
    let done = 0;
    while (done < bytes.byteLength) done += writeSync(this.#file, bytes, done);
    this.#blocks[bucket]!.push({ at: this.#written, keys });
    this.#written += bytes.byteLength;
    this.#filled[bucket] = 0;
  }
}

/** Reads key files that have the same buckets. */
export class KeyReader {
  readonly #files: { readonly handle: number; readonly index: KeyFile }[];

  constructor(files: readonly KeyFile[]) {
    this.#files = files.map((index) => ({ handle: openSync(index.file, 'r'), index }));
  }

  /** Counts the keys of one bucket in all files. */
  count(bucket: number): number {
    return this.#files.reduce((sum, { index }) => sum + keysOf(index, bucket), 0);
  }

  /** Reads one bucket of one file into `into` from index `at`, in insertion order. @returns the keys read. */
  read(
    file: number,
    bucket: number,
    into: BigUint64Array<ArrayBuffer>,
    at: number,
  ): BigUint64Array<ArrayBuffer> {
    const { handle, index } = this.#files[file]!;
    let end = at;
    for (const block of index.buckets[bucket]!) {
      const length = block.keys * BYTES_PER_KEY;
      readSync(handle, new Uint8Array(into.buffer, end * BYTES_PER_KEY, length), 0, length, block.at);
      end += block.keys;
    }
    return into.subarray(at, end);
  }

  /** Reads one bucket of all files. @returns the keys read, sorted. */
  readSorted(bucket: number, into: BigUint64Array<ArrayBuffer>, at: number): BigUint64Array<ArrayBuffer> {
    let end = at;
    for (const file of this.#files.keys()) end += this.read(file, bucket, into, end).length;
    return into.subarray(at, end).sort();
  }

  close(): void {
    for (const { handle } of this.#files) closeSync(handle);
  }
}

function keysOf(index: KeyFile, bucket: number): number {
  return index.buckets[bucket]!.reduce((sum, block) => sum + block.keys, 0);
}

/** Views keys as words, low before high. */
export function wordsOf(keys: BigUint64Array<ArrayBuffer>): Uint32Array {
  return new Uint32Array(keys.buffer, keys.byteOffset, keys.length * 2);
}
