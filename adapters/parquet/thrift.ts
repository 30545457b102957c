/** Thrift's compact protocol, as far as parquet's metadata use it: structs of integers, binaries, structs and lists. */

/** A struct: field id -> value, ids ascending. Integers below 2^53 as numbers. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = number | string | ThriftStruct | readonly ThriftValue[];

/** Integers are written as i64 where they say so, otherwise as i32. */
export class I64 {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
export type Writable =
  number | I64 | string | { readonly [field: number]: Writable | undefined } | Writable[];

const TYPE_TRUE = 1;
const TYPE_FALSE = 2;
const TYPE_BYTE = 3;
const TYPE_I16 = 4;
const TYPE_I32 = 5;
const TYPE_I64 = 6;
const TYPE_DOUBLE = 7;
const TYPE_BINARY = 8;
const TYPE_LIST = 9;
const TYPE_SET = 10;
const TYPE_STRUCT = 12;

/** Lists of up to 14 items keep their length in the header byte. */
const LONG_LIST = 15;

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

/** By multiplication, not shifts: offsets exceed 32 bits. */
function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

export function writeVarint(out: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

/** Reads one struct; `position` is behind it afterwards. */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  struct(): ThriftStruct {
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      id = head >> 4 === 0 ? this.#integer() : id + (head >> 4);
      fields.set(id, this.#value(head & 15));
    }
    return fields;
  }

  #value(type: number): ThriftValue {
    switch (type) {
      case TYPE_TRUE:
        return 1;
      case TYPE_FALSE:
        return 0;
      case TYPE_BYTE:
        return this.#byte();
      case TYPE_I16:
      case TYPE_I32:
      case TYPE_I64:
        return this.#integer();
      case TYPE_DOUBLE:
        this.position += 8;
        return 0;
      case TYPE_BINARY: {
        const length = this.#varint();
        this.position += length;
        return Buffer.from(this.#bytes.subarray(this.position - length, this.position)).toString('utf8');
      }
      case TYPE_LIST:
      case TYPE_SET: {
        const head = this.#byte();
        const length = head >> 4 === LONG_LIST ? this.#varint() : head >> 4;
        return Array.from({ length }, () => this.#value(head & 15));
      }
      case TYPE_STRUCT:
        return this.struct();
      default:
        throw new RangeError(`thrift type ${type}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.position++];
    if (byte === undefined) throw new RangeError('thrift struct is cut short');
    return byte;
  }

  #varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  #integer(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
