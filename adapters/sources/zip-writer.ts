/** A small zip from memory: deflated entries, fixed time stamp, so that the same content is the same bytes. No zip64. */
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION_2_0 = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;

/** @param modified `YYYY-MM-DD`, written as midnight: DOS time has no zone. */
export async function zipOf(entries: readonly ZipEntry[], modified: string): Promise<Buffer> {
  const [year = 1980, month = 1, day = 1] = modified.split('-').map(Number);
  const dosDate = ((year - 1980) << 9) | (month << 5) | day;
  const packed = await Promise.all(
    entries.map(async ({ name, content }) => ({
      name: Buffer.from(name),
      data: await deflate(content),
      size: content.byteLength,
      checksum: crc32(content),
    })),
  );
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, size, checksum } of packed) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION_2_0, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(0, 6); // time: midnight
    common.writeUInt16LE(dosDate, 8);
    common.writeUInt32LE(checksum, 10);
    common.writeUInt32LE(data.byteLength, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.byteLength, 22);
    common.writeUInt16LE(0, 24); // no extra field
    parts.push(uint32(LOCAL_HEADER), common, name, data);
    const tail = Buffer.alloc(14); // no comment, first disk, no attributes
    tail.writeUInt32LE(offset, 10);
    directory.push(uint32(CENTRAL_HEADER), uint16(VERSION_2_0), common, tail, name);
    offset += 30 + name.byteLength + data.byteLength;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(packed.length, 4);
  end.writeUInt16LE(packed.length, 6);
  end.writeUInt32LE(central.byteLength, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, uint32(END_OF_DIRECTORY), end]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}
