/**
 * Encodes fields for `COPY ... (FORMAT binary)` (https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format"). Arrays have
 * the format that `array_recv` reads. Values are written into preallocated memory whose constant bytes are written once, so nothing
 * is left to garbage-collect.
 */

/** Starts a stream of rows: signature, flags and length of the header's extension. */
export const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** Ends the stream, in place of a row's number of fields. */
export const COPY_END = Buffer.from([0xff, 0xff]);

/** Holds the type ids of pg_type. */
export const PG_TYPES = { int4: 23, text: 25, float8: 701, timestamp: 1114, timestamptz: 1184 } as const;

/** Is the epoch of Postgres's timestamps. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** Counts the bytes of the field's length and the array's dimensions, flags, type, length and lower bound. */
const ARRAY_HEADER_BYTES = 6 * 4;
const LENGTH_BYTES = 4;
/** Limits the UTF-8 bytes of one UTF-16 unit. */
const BYTES_PER_CHARACTER = 3;

/** Encodes the number of fields of the next row. */
export function fieldCount(count: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(count);
  return bytes;
}

export function textField(text: string): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES + Buffer.byteLength(text));
  bytes.write(text, bytes.writeInt32BE(bytes.length - LENGTH_BYTES));
  return bytes;
}

export function boolField(value: boolean): Buffer {
  return Buffer.from([0, 0, 0, 1, value ? 1 : 0]);
}

export function int4Field(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES + 4);
  bytes.writeInt32BE(value, bytes.writeInt32BE(4));
  return bytes;
}

/** Encodes a timestamp. @param ms whole milliseconds since 1970. */
export function timestampField(ms: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES + 8);
  writeMicros(new DataView(bytes.buffer, bytes.byteOffset), bytes.writeInt32BE(8), ms);
  return bytes;
}

/** Writes a 64-bit integer in two halves, because a BigInt would allocate an object per number. */
function writeMicros(view: DataView, at: number, ms: number): void {
  const micros = (ms - EPOCH_MS) * 1_000;
  const high = Math.floor(micros / 2 ** 32);
  view.setInt32(at, high);
  view.setUint32(at + 4, micros - high * 2 ** 32);
}

function writeArrayHeader(view: DataView, type: number): void {
  view.setInt32(4, 1);
  view.setInt32(8, 0);
  view.setInt32(12, type);
  view.setInt32(20, 1);
}

/** Builds an array of numbers or times, whose elements have one length. */
export class NumberArrayField {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #stride: number;

  constructor(type: (typeof PG_TYPES)['int4' | 'float8' | 'timestamp' | 'timestamptz'], capacity: number) {
    const size = type === PG_TYPES.int4 ? 4 : 8;
    this.#stride = LENGTH_BYTES + size;
    this.#bytes = Buffer.allocUnsafeSlow(ARRAY_HEADER_BYTES + capacity * this.#stride);
    this.#view = new DataView(this.#bytes.buffer);
    writeArrayHeader(this.#view, type);
    for (let i = 0; i < capacity; i++) this.#view.setInt32(ARRAY_HEADER_BYTES + i * this.#stride, size);
  }

  setInt4(index: number, value: number): void {
    this.#view.setInt32(this.#at(index), value);
  }

  setFloat8(index: number, value: number): void {
    this.#view.setFloat64(this.#at(index), value);
  }

  /** Sets an element. @param ms whole milliseconds since 1970. */
  setTimestamp(index: number, ms: number): void {
    writeMicros(this.#view, this.#at(index), ms);
  }

  /** Returns the first `count` elements as a field, without a copy. */
  bytes(count: number): Uint8Array {
    const end = ARRAY_HEADER_BYTES + count * this.#stride;
    this.#view.setInt32(0, end - LENGTH_BYTES);
    this.#view.setInt32(16, count);
    return this.#bytes.subarray(0, end);
  }

  #at(index: number): number {
    return ARRAY_HEADER_BYTES + index * this.#stride + LENGTH_BYTES;
  }
}

/** Builds an array of texts by appending. */
export class TextArrayField {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #end = ARRAY_HEADER_BYTES;

  constructor(capacityBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(ARRAY_HEADER_BYTES + capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
    writeArrayHeader(this.#view, PG_TYPES.text);
  }

  /** Tells whether the text fits even if all its characters have the maximum length. */
  hasRoomFor(text: string): boolean {
    return this.#end + LENGTH_BYTES + BYTES_PER_CHARACTER * text.length <= this.#bytes.length;
  }

  append(text: string): void {
    const length = this.#bytes.write(text, this.#end + LENGTH_BYTES);
    this.#view.setInt32(this.#end, length);
    this.#end += LENGTH_BYTES + length;
  }

  /** Returns all texts as a field, without a copy. */
  bytes(count: number): Uint8Array {
    this.#view.setInt32(0, this.#end - LENGTH_BYTES);
    this.#view.setInt32(16, count);
    return this.#bytes.subarray(0, this.#end);
  }

  clear(): void {
    this.#end = ARRAY_HEADER_BYTES;
  }
}
