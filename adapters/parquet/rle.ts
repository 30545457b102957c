/** Parquet's hybrid of run lengths and bit packing, for dictionary indices and definition levels. */
/** Bits that hold the numbers 0 to `max`. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}

/** Values are packed in groups of eight. */
const GROUP = 8;

/** @param width bits a value, 0 to 24. */
export function encodeRle(values: Uint32Array, width: number): Uint8Array {
  const count = values.length;
  // Worst case: everything packed, and a header now and then.
  const out = new Uint8Array(Math.ceil(count / GROUP) * (width + 6) + 16);
  let at = 0;
  let packedFrom = 0;
  let i = 0;
  while (i < count) {
    let end = i + 1;
    const value = values[i]!;
    while (end < count && values[end] === value) end++;
    // What is packed before a run must fill its groups of eight.
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

/** Packs `values[from..to)`, the last group filled with zeros. @returns where the output goes on. */
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

/** @returns where the output goes on. */
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

export function decodeRle(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const values = new Uint32Array(count);
  let at = 0;
  let filled = 0;
  while (filled < count) {
    let head = 0;
    let byte: number;
    let factor = 1;
    do {
      byte = bytes[at++] ?? fail();
      head += (byte & 127) * factor;
      factor *= 128;
    } while (byte >= 128);
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      let value = 0;
      for (let shift = 0; shift < width; shift += 8) value |= (bytes[at++] ?? fail()) << shift;
      values.fill(value, filled, filled + length);
      filled += length;
      continue;
    }
    const mask = 2 ** width - 1;
    let bits = 0;
    let held = 0;
    const end = at + length * width;
    for (let k = 0; k < length * GROUP && filled < count; k++) {
      while (bits < width) {
        held |= (bytes[at++] ?? fail()) << bits;
        bits += 8;
      }
      values[filled++] = held & mask;
      held >>>= width;
      bits -= width;
    }
    at = end;
  }
  return values;
}

function fail(): never {
  throw new RangeError('run lengths are cut short');
}
