import { closeSync, openSync, writeSync } from 'node:fs';
import {
  CONVERTED,
  ENCODING,
  MAGIC,
  PAGE,
  PHYSICAL,
  type ColumnValues,
  type ParquetColumn,
} from './column.ts';
import { bitWidth, encodeRle } from './rle.ts';
import { I64, encodeThrift, type Writable } from './thrift.ts';

const REQUIRED = 0;
const OPTIONAL = 1;
const UNCOMPRESSED = 0;

/**
 * Writes a parquet file row group by row group, so that memory holds one group. The same values give the same bytes. Nothing is
 * compressed: dictionaries and runs keep hours and flows small, and ids do not compress.
 */
export class ParquetWriter {
  readonly #columns: readonly ParquetColumn[];
  readonly #file: number;
  readonly #groups: Writable[] = [];
  #position = 0;
  #rows = 0;

  constructor(file: string, columns: readonly ParquetColumn[]) {
    this.#columns = columns;
    this.#file = openSync(file, 'w');
    this.#write(Buffer.from(MAGIC));
  }

  /** Writes a row group. @param columns values in the order of the file's columns, `rows` each. */
  writeRowGroup(rows: number, columns: readonly ColumnValues[]): void {
    if (rows === 0) return;
    const start = this.#position;
    const chunks = this.#columns.map((column, i) => this.#writeChunk(column, columns[i]!, rows));
    this.#groups.push({ 1: chunks, 2: new I64(this.#position - start), 3: new I64(rows) });
    this.#rows += rows;
  }

  /** Writes the footer; without it the file is not parquet. */
  close(): void {
    const footer = encodeThrift({
      1: 1,
      2: [
        { 4: 'schema', 5: this.#columns.length },
        ...this.#columns.map(({ name, type, optional }) => ({
          1: PHYSICAL[type],
          3: optional ? OPTIONAL : REQUIRED,
          4: name,
          6: CONVERTED[type],
        })),
      ],
      3: new I64(this.#rows),
      4: this.#groups,
      6: 'citibike',
    });
    this.#write(footer);
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(footer.length);
    tail.write(MAGIC, 4);
    this.#write(tail);
    closeSync(this.#file);
  }

  /** Closes the file without a footer, after a failure. */
  abandon(): void {
    closeSync(this.#file);
  }

  #writeChunk(column: ParquetColumn, data: ColumnValues, rows: number): Writable {
    const start = this.#position;
    let dictionaryAt: number | undefined;
    let levels: Uint8Array | undefined;
    let body: Uint8Array;
    let encoding: number;
    if (data.kind === 'dictionary') {
      dictionaryAt = start;
      const values = plain(column, data.dictionary);
      this.#writePage(values, {
        1: PAGE.dictionary,
        7: { 1: data.dictionary.length, 2: ENCODING.plain },
      });
      const width = bitWidth(Math.max(0, data.dictionary.length - 1));
      body = Buffer.concat([Buffer.of(width), encodeRle(data.indices, width)]);
      encoding = ENCODING.rleDictionary;
      if (column.optional) levels = encodeLevels(new Uint32Array(rows).fill(1));
    } else {
      const { values } = data;
      body = plain(column, values);
      encoding = ENCODING.plain;
      if (column.optional)
        levels = encodeLevels(Uint32Array.from({ length: rows }, (_, i) => (values[i] === null ? 0 : 1)));
    }
    const dataAt = this.#position;
    this.#writePage(levels ? Buffer.concat([levels, body]) : body, {
      1: PAGE.data,
      5: { 1: rows, 2: encoding, 3: ENCODING.rle, 4: ENCODING.rle },
    });
    const size = new I64(this.#position - start);
    return {
      2: new I64(dataAt),
      3: {
        1: PHYSICAL[column.type],
        2: dictionaryAt === undefined ? [encoding, ENCODING.rle] : [ENCODING.plain, encoding, ENCODING.rle],
        3: [column.name],
        4: UNCOMPRESSED,
        5: new I64(rows),
        6: size,
        7: size,
        9: new I64(dataAt),
        11: dictionaryAt === undefined ? undefined : new I64(dictionaryAt),
      },
    };
  }

  #writePage(body: Uint8Array, header: { readonly [field: number]: Writable | undefined }): void {
    this.#write(encodeThrift({ ...header, 2: body.byteLength, 3: body.byteLength }));
    this.#write(body);
  }

  #write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.byteLength) done += writeSync(this.#file, bytes, done);
    this.#position += bytes.byteLength;
  }
}

function encodeLevels(levels: Uint32Array): Uint8Array {
  const encoded = encodeRle(levels, 1);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(encoded.byteLength);
  return Buffer.concat([length, encoded]);
}

/** Returns the values without nulls, little endian, as on every machine that runs Node. */
function plain(
  { type }: ParquetColumn,
  values: ArrayLike<string | number | null> | BigUint64Array,
): Uint8Array {
  if (values instanceof BigUint64Array) return bytesOf(values);
  const present = Array.from(values).filter((value) => value !== null);
  switch (type) {
    case 'date':
    case 'int32':
      return bytesOf(Int32Array.from(present as number[]));
    case 'int64':
      return bytesOf(BigInt64Array.from((present as number[]).map(BigInt)));
    case 'uint64':
      return bytesOf(BigUint64Array.from((present as number[]).map(BigInt)));
    case 'double':
      return bytesOf(Float64Array.from(present as number[]));
    case 'text':
      return Buffer.concat(
        (present as string[]).flatMap((value) => {
          const text = Buffer.from(value);
          const length = Buffer.alloc(4);
          length.writeUInt32LE(text.byteLength);
          return [length, text];
        }),
      );
  }
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
