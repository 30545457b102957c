/**
 * Computes 64-bit digests of texts, as two words. A published ride_id has 16 upper-case hexadecimal digits, so its digest is
 * the id itself and never collides. Any other text is hashed. n such texts among m rides collide with a probability below
 * n·m / 2^64: about one in a million for five million texts and rides.
 */

/** Maps each byte to its value as an upper-case hexadecimal digit, or to -1. */
const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;

const ID_DIGITS = 16;

/** Holds the last digest, so that no object is made per ride. The words are signed, because V8 does not box those. */
export class Digest {
  high = 0;
  low = 0;

  ofId(bytes: Uint8Array, from: number, to: number): void {
    if (to - from === ID_DIGITS) {
      let high = 0;
      let low = 0;
      let wrong = 0;
      for (let i = from; i < from + 8; i++) {
        const a = HEX[bytes[i]!]!;
        const b = HEX[bytes[i + 8]!]!;
        wrong |= a | b;
        high = (high << 4) | a;
        low = (low << 4) | b;
      }
      // Only -1 has the sign bit set.
      if (wrong >= 0) {
        this.high = high;
        this.low = low;
        return;
      }
    }
    this.ofText(bytes, from, to);
  }

  /** Hashes a text in two lanes of multiply and rotate, each finished by murmur3's mixer. */
  ofText(bytes: Uint8Array, from: number, to: number): void {
    let a = 0x9e3779b9 ^ (to - from);
    let b = 0x85ebca6b;
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      a = Math.imul(a ^ byte, 0xcc9e2d51);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ byte ^ (a >>> 24), 0x1b873593);
      b = (b << 15) | (b >>> 17);
    }
    this.high = mix(a ^ (b >>> 7));
    this.low = mix(b ^ a);
  }
}

function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Formats two words as 16 hexadecimal digits. */
export function digestText(high: number, low: number): string {
  return [high, low].map((word) => (word >>> 0).toString(16).toUpperCase().padStart(8, '0')).join('');
}
