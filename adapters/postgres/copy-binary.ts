/**
 * Fields of a row in the form that `COPY ... (FORMAT binary)` reads (https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format";
 * an array is what `array_recv` reads), written as they come into memory that is there already: what is the same for every element is
 * laid out once, and nothing is left behind to collect.
 */

/** Before the first row: signature, flags and length of the header's extension. */
export const COPY_HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** Instead of the number of fields of a row. */
export const COPY_END = Buffer.from([0xff, 0xff]);

/** Type ids of pg_type. */
export const PG_TYPES = { int4: 23, text: 25, float8: 701, timestamp: 1114, timestamptz: 1184 } as const;

/** Postgres counts microseconds from here. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** The field's length, and of an array: dimensions, flags, type, length, lower bound. */
const ARRAY_HEADER_BYTES = 6 * 4;
const LENGTH_BYTES = 4;
/** UTF-8 of one UTF-16 unit, at most. */
const BYTES_PER_CHARACTER = 3;

/** How many fields the next row has. */
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

/** @param ms since 1970, whole. */
export function timestampField(ms: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES + 8);
  writeMicros(new DataView(bytes.buffer, bytes.byteOffset), bytes.writeInt32BE(8), ms);
  return bytes;
}

/** A 64-bit integer in two halves: a BigInt would be an object a number. */
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

/** An array of numbers or times, all as long. */
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

  /** @param ms since 1970, whole. */
  setTimestamp(index: number, ms: number): void {
    writeMicros(this.#view, this.#at(index), ms);
  }

  /** The first `count` elements as a field, in place. */
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

/** An array of texts, appended one after the other. */
export class TextArrayField {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #end = ARRAY_HEADER_BYTES;

  constructor(capacityBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(ARRAY_HEADER_BYTES + capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
    writeArrayHeader(this.#view, PG_TYPES.text);
  }

  /** Whether the text surely fits, whatever its characters are. */
  hasRoomFor(text: string): boolean {
    return this.#end + LENGTH_BYTES + BYTES_PER_CHARACTER * text.length <= this.#bytes.length;
  }

  append(text: string): void {
    const length = this.#bytes.write(text, this.#end + LENGTH_BYTES);
    this.#view.setInt32(this.#end, length);
    this.#end += LENGTH_BYTES + length;
  }

  /** All of them as a field, in place. */
  bytes(count: number): Uint8Array {
    this.#view.setInt32(0, this.#end - LENGTH_BYTES);
    this.#view.setInt32(16, count);
    return this.#bytes.subarray(0, this.#end);
  }

  clear(): void {
    this.#end = ARRAY_HEADER_BYTES;
  }
}
