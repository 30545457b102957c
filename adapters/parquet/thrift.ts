/** Represents an integer that is written as i64. Numbers are written as i32. */
export class I64 {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
export type Writable =
  number | I64 | string | { readonly [field: number]: Writable | undefined } | Writable[];

const TYPE_I32 = 5;
const TYPE_I64 = 6;
const TYPE_BINARY = 8;
const TYPE_LIST = 9;
const TYPE_STRUCT = 12;

/** Marks, in the header byte, a list whose length follows. */
const LONG_LIST = 15;

/** Encodes a struct by Thrift's compact protocol, as far as parquet's metadata need it. */
export function encodeThrift(value: { readonly [field: number]: Writable | undefined }): Buffer {
  const bytes: number[] = [];
  writeStruct(bytes, value);
  return Buffer.from(bytes);
}

function typeOf(value: Writable): number {
  if (typeof value === 'number') return TYPE_I32;
  if (value instanceof I64) return TYPE_I64;
  if (typeof value === 'string') return TYPE_BINARY;
  return Array.isArray(value) ? TYPE_LIST : TYPE_STRUCT;
}

function writeStruct(out: number[], struct: { readonly [field: number]: Writable | undefined }): void {
  let last = 0;
  // Integer keys of an object come in ascending order.
  for (const [key, value] of Object.entries(struct)) {
    if (value === undefined) continue;
    const id = Number(key);
    out.push(((id - last) << 4) | typeOf(value));
    writeValue(out, value);
    last = id;
  }
  out.push(0);
}

function writeValue(out: number[], value: Writable): void {
  if (typeof value === 'number') writeVarint(out, zigzag(value));
  else if (value instanceof I64) writeVarint(out, zigzag(value.value));
  else if (typeof value === 'string') {
    const text = Buffer.from(value);
    writeVarint(out, text.length);
    out.push(...text);
  } else if (Array.isArray(value)) {
    const type = typeOf(value[0] ?? 0);
    out.push((Math.min(value.length, LONG_LIST) << 4) | type);
    if (value.length >= LONG_LIST) writeVarint(out, value.length);
    for (const item of value) writeValue(out, item);
  } else writeStruct(out, value);
}

/** Encodes by multiplication and not by shifts, because offsets exceed 32 bits. */
function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function writeVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}
