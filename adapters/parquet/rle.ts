/** Returns the number of bits that hold 0 to `max`. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}

/** Values are packed in groups of eight. */
const GROUP = 8;

/**
 * Encodes dictionary indices or definition levels by parquet's hybrid of run lengths and bit packing.
 * @param width bits per value, 0 to 24.
 */
export function encodeRle(values: Uint32Array, width: number): Uint8Array {
  const count = values.length;
  // In the worst case all values are packed, with occasional headers.
  const out = new Uint8Array(Math.ceil(count / GROUP) * (width + 6) + 16);
  let at = 0;
  let packedFrom = 0;
  let i = 0;
  while (i < count) {
    let end = i + 1;
    const value = values[i]!;
    while (end < count && values[end] === value) end++;
    // Values packed before a run must fill their groups of eight.
    const filler = (GROUP - ((i - packedFrom) % GROUP)) % GROUP;
    if (end - i - filler >= GROUP) {
      at = pack(values, packedFrom, i + filler, width, out, at);
      at = putVarint(out, at, (end - i - filler) << 1);
      for (let shift = 0; shift < width; shift += 8) out[at++] = (value >>> shift) & 255;
      packedFrom = end;
    }
    i = end;
  }
  at = pack(values, packedFrom, count, width, out, at);
  return out.subarray(0, at);
}

/** Packs `values[from..to)` and fills the last group with zeros. @returns the position after the output. */
function pack(
  values: Uint32Array,
  from: number,
  to: number,
  width: number,
  out: Uint8Array,
  start: number,
): number {
  if (from === to) return start;
  const groups = Math.ceil((to - from) / GROUP);
  let at = putVarint(out, start, (groups << 1) | 1);
  const end = at + groups * width;
  let bits = 0;
  let held = 0;
  for (let i = from; i < to; i++) {
    held |= values[i]! << bits;
    bits += width;
    while (bits >= 8) {
      out[at++] = held & 255;
      held >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) out[at] = held;
  return end;
}

/** Writes a variable-length integer. @returns the position after it. */
function putVarint(out: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 128) {
    out[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  out[at++] = rest;
  return at;
}
