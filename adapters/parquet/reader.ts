/** Reads back what `ParquetWriter` wrote, row group by row group; parquet of others is DuckDB's to read. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CONVERTED, MAGIC, PAGE, type ColumnValues } from './column.ts';
import { bitWidth, decodeRle } from './rle.ts';
import { ThriftReader, type ThriftStruct } from './thrift.ts';

const TAIL_BYTES = 8;

interface Chunk {
  readonly name: string;
  readonly start: number;
  readonly bytes: number;
}

export interface RowGroup {
  readonly rows: number;
  /** @throws RangeError when the group has no such column. */
  column(name: string): ColumnValues;
}

/** The row groups, each read when a column is asked for. @throws RangeError when it is no whole parquet file. */
export function* rowGroups(file: string): Generator<RowGroup> {
  const handle = openSync(file, 'r');
  try {
    yield* groupsOf(handle);
  } finally {
    closeSync(handle);
  }
}

function* groupsOf(handle: number): Generator<RowGroup> {
  const { size } = fstatSync(handle);
  const tail = readAt(handle, size - TAIL_BYTES, TAIL_BYTES);
  if (tail.toString('latin1', 4) !== MAGIC) throw new RangeError('not a whole parquet file');
  const length = tail.readUInt32LE();
  const footer = new ThriftReader(readAt(handle, size - TAIL_BYTES - length, length)).struct();
  const types = new Map(
    structs(footer, 2)
      .slice(1)
      .map((element) => [
        text(element, 4),
        { physical: number(element, 1), optional: element.get(3) === 1, converted: element.get(6) },
      ]),
  );
  for (const group of structs(footer, 4)) {
    const rows = number(group, 3);
    const chunks = structs(group, 1).map((chunk): Chunk => {
      const about = chunk.get(3) as ThriftStruct;
      return {
        name: (about.get(3) as string[])[0]!,
        start: Number(about.get(11) ?? about.get(9)),
        bytes: number(about, 7),
      };
    });
    yield {
      rows,
      column: (name) => {
        const chunk = chunks.find((each) => each.name === name);
        const type = types.get(name);
        if (!chunk || !type) throw new RangeError(`no column ${name}`);
        return readChunk(readAt(handle, chunk.start, chunk.bytes), rows, type);
      },
    };
  }
}

interface PhysicalType {
  readonly physical: number;
  readonly optional: boolean;
  readonly converted: unknown;
}

function readChunk(bytes: Buffer, rows: number, type: PhysicalType): ColumnValues {
  let at = 0;
  let dictionary: (string | number)[] | undefined;
  for (;;) {
    const reader = new ThriftReader(bytes, at);
    const header = reader.struct();
    const size = number(header, 3);
    const body = bytes.subarray(reader.position, reader.position + size);
    at = reader.position + size;
    if (header.get(1) === PAGE.dictionary) {
      const count = number(header.get(7) as ThriftStruct, 1);
      dictionary = decodePlain(body, count, type) as (string | number)[];
      continue;
    }
    let values = body;
    let present: Uint32Array | undefined;
    if (type.optional) {
      const length = body.readUInt32LE();
      present = decodeRle(body.subarray(4, 4 + length), 1, rows);
      values = body.subarray(4 + length);
    }
    if (dictionary) {
      const width = values[0] ?? bitWidth(dictionary.length - 1);
      return { kind: 'dictionary', dictionary, indices: decodeRle(values.subarray(1), width, rows) };
    }
    const count = present ? present.reduce((sum, level) => sum + level, 0) : rows;
    const plain = decodePlain(values, count, type);
    if (plain instanceof BigUint64Array) return { kind: 'plain', values: plain };
    if (!present) return { kind: 'plain', values: plain as number[] };
    let next = 0;
    return {
      kind: 'plain',
      values: Array.from(present, (level) => (level ? (plain[next++] as number) : null)),
    };
  }
}

function decodePlain(
  bytes: Buffer,
  count: number,
  { physical, converted }: PhysicalType,
): (string | number)[] | BigUint64Array {
  // Pages begin anywhere: typed arrays want their own, aligned bytes.
  const copy = (width: number) => new Uint8Array(bytes.subarray(0, count * width)).buffer;
  switch (physical) {
    case 1:
      return Array.from(new Int32Array(copy(4)));
    case 2:
      if (converted === CONVERTED.uint64) return new BigUint64Array(copy(8));
      return Array.from(new BigInt64Array(copy(8)), Number);
    case 5:
      return Array.from(new Float64Array(copy(8)));
    case 6: {
      const texts: string[] = [];
      for (let at = 0; texts.length < count;) {
        const length = bytes.readUInt32LE(at);
        texts.push(bytes.toString('utf8', at + 4, at + 4 + length));
        at += 4 + length;
      }
      return texts;
    }
    default:
      throw new RangeError(`physical type ${physical}`);
  }
}

function readAt(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(handle, bytes, 0, length, position) !== length)
    throw new RangeError('parquet file is cut short');
  return bytes;
}

function structs(struct: ThriftStruct, field: number): readonly ThriftStruct[] {
  return (struct.get(field) ?? []) as unknown as readonly ThriftStruct[];
}

function number(struct: ThriftStruct, field: number): number {
  return Number(struct.get(field) ?? 0);
}

function text(struct: ThriftStruct, field: number): string {
  return struct.get(field) as string;
}
