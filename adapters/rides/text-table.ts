/** Numbers distinct texts by their bytes, so that no string is made per ride. */
import { viewOf } from './view-of.ts';

const EMPTY = -1;

export class TextTable {
  /** Maps hashes to numbers by open addressing. It is at most half full. */
  #slots = new Int32Array(1024).fill(EMPTY);
  #hashes = new Int32Array(512);
  /** Text `i` is `bytes[ends[i - 1]..ends[i])`. Texts are contiguous, so a lookup touches few cache lines. */
  #bytes = new Uint8Array(8192);
  #view = new DataView(this.#bytes.buffer);
  #ends = new Int32Array(512);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns the number of the text `bytes[from..to)`. Numbers count new texts from 0. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashOf(viewOf(bytes), from, to);
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = slots[slot]!;
      if (index === EMPTY) return this.#add(slot, hash, bytes, from, to);
      if (this.#hashes[index] === hash && this.is(index, bytes, from, to)) return index;
    }
  }

  /** Decodes text `index` and replaces the doubled quotes of CSV by single ones. */
  text(index: number): string {
    return Buffer.from(this.bytes(index)).toString('utf8').replaceAll('""', '"');
  }

  /** Returns the bytes as interned. They are valid until the next new text. */
  bytes(index: number): Uint8Array {
    return this.#bytes.subarray(this.#start(index), this.#ends[index]);
  }

  /** Returns all texts, ordered by number. */
  texts(): string[] {
    return Array.from({ length: this.#size }, (_, index) => this.text(index));
  }

  #start(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1]!;
  }

  /** Tells whether text `index` equals `bytes[from..to)`. */
  is(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (index >= this.#size) return false;
    const own = this.#view;
    const at = this.#start(index);
    const length = to - from;
    if (this.#ends[index]! - at !== length) return false;
    const given = viewOf(bytes);
    if (length < 4) {
      for (let i = 0; i < length; i++) if (own.getUint8(at + i) !== given.getUint8(from + i)) return false;
      return true;
    }
    for (let i = 0; i < length - 4; i += 4)
      if (own.getInt32(at + i) !== given.getInt32(from + i)) return false;
    return own.getInt32(at + length - 4) === given.getInt32(to - 4);
  }

  #add(slot: number, hash: number, bytes: Uint8Array, from: number, to: number): number {
    const index = this.#size++;
    const start = this.#start(index);
    const end = start + to - from;
    if (end > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(end * 2));
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.#bytes.set(bytes.subarray(from, to), start);
    this.#ends[index] = end;
    this.#hashes[index] = hash;
    this.#slots[slot] = index;
    if (this.#size === this.#ends.length) this.#grow();
    return index;
  }

  #grow(): void {
    this.#hashes = grown(this.#hashes, new Int32Array(this.#size * 2));
    this.#ends = grown(this.#ends, new Int32Array(this.#size * 2));
    this.#slots = new Int32Array(this.#slots.length * 2).fill(EMPTY);
    const mask = this.#slots.length - 1;
    for (let index = 0; index < this.#size; index++) {
      let slot = this.#hashes[index]! & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = index;
    }
  }
}

/**
 * Hashes eight bytes at a time in two lanes, which the processor computes side by side; the last eight may overlap those before
 * them. It ends with the mixer of MurmurHash3, because the low bits choose the slot while the last letters differ most.
 */
function hashOf(view: DataView, from: number, to: number): number {
  let a = to - from;
  let b = 0;
  if (a < 8) {
    for (let i = from; i < to; i++) a = Math.imul(a ^ view.getUint8(i), 0x01000193);
  } else {
    const last = to - 8;
    for (let i = from; i < last; i += 8) {
      a = Math.imul(a ^ view.getInt32(i), 0x9e3779b1);
      a ^= a >>> 15;
      b = Math.imul(b ^ view.getInt32(i + 4), 0x85ebca77);
      b ^= b >>> 15;
    }
    a = Math.imul(a ^ view.getInt32(last), 0x9e3779b1);
    b = Math.imul(b ^ view.getInt32(last + 4), 0x85ebca77);
  }
  let hash = a ^ (a >>> 16) ^ (b << 1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function grown<T extends Uint8Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
