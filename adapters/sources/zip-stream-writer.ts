/** A zip written to disk entry by entry, in bounded memory. Fixed time stamp, so that the same content is the same bytes. No zip64. */
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { crc32, createDeflateRaw } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION_2_0 = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;

/** Sizes and offsets are 32 bits wide without zip64. */
export const ZIP32_LIMIT = 2 ** 32 - 1;

/** Output is collected to pieces of this size before it is written; this much input may wait, so that making and deflating overlap. */
const BUFFERS = { chunkSize: 256 * 1024, highWaterMark: 4 * 1024 * 1024 };

export class ZipStreamWriter {
  readonly #file: FileHandle;
  readonly #dosDate: number;
  readonly #directory: Buffer[] = [];
  #offset = 0;

  private constructor(file: FileHandle, modified: string) {
    const [year = 1980, month = 1, day = 1] = modified.split('-').map(Number);
    this.#file = file;
    this.#dosDate = ((year - 1980) << 9) | (month << 5) | day;
  }

  /** @param modified `YYYY-MM-DD`, written as midnight: DOS time has no zone. */
  static async create(path: string, modified: string): Promise<ZipStreamWriter> {
    return new ZipStreamWriter(await open(path, 'w'), modified);
  }

  /** @throws RangeError when the entry or the archive grows beyond 4 GiB. */
  async add(name: string, content: Iterable<Uint8Array>): Promise<void> {
    const start = this.#offset;
    const nameBytes = Buffer.from(name);
    const dataStart = start + LOCAL_HEADER_BYTES + nameBytes.byteLength;
    let checksum = 0;
    let size = 0;
    let end = dataStart;
    const counted = async function* () {
      for (const chunk of content) {
        // Lets the deflated pieces through while `content` is computed in one go.
        await setImmediate();
        checksum = crc32(chunk, checksum);
        size += chunk.byteLength;
        if (size > ZIP32_LIMIT) throw new RangeError(`${name}: a zip entry holds at most 4 GiB`);
        yield chunk;
      }
    };
    await pipeline(counted, createDeflateRaw(BUFFERS), async (deflated: AsyncIterable<Buffer>) => {
      for await (const chunk of deflated) {
        await this.#write(chunk, end);
        end += chunk.byteLength;
      }
    });
    if (end > ZIP32_LIMIT) throw new RangeError(`${name}: an archive without zip64 holds at most 4 GiB`);
    const common = this.#commonHeader(checksum, end - dataStart, size, nameBytes.byteLength);
    // The sizes are known only now: the header goes into the gap left for it.
    await this.#write(Buffer.concat([uint32(LOCAL_HEADER), common, nameBytes]), start);
    const tail = Buffer.alloc(14); // no comment, first disk, no attributes
    tail.writeUInt32LE(start, 10);
    this.#directory.push(
      Buffer.concat([uint32(CENTRAL_HEADER), uint16(VERSION_2_0), common, tail, nameBytes]),
    );
    this.#offset = end;
  }

  /** Writes the directory. @returns the archive's size in bytes. */
  async finish(): Promise<number> {
    const central = Buffer.concat(this.#directory);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(this.#directory.length, 4);
    end.writeUInt16LE(this.#directory.length, 6);
    end.writeUInt32LE(central.byteLength, 8);
    end.writeUInt32LE(this.#offset, 12);
    const tail = Buffer.concat([central, uint32(END_OF_DIRECTORY), end]);
    await this.#write(tail, this.#offset);
    return this.#offset + tail.byteLength;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #write(bytes: Buffer, position: number): Promise<void> {
    for (let written = 0; written < bytes.byteLength;) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        written,
        bytes.byteLength - written,
        position + written,
      );
      written += bytesWritten;
    }
  }

  /** What the local and the central header have in common. */
  #commonHeader(checksum: number, packed: number, size: number, nameBytes: number): Buffer {
    const header = Buffer.alloc(26);
    header.writeUInt16LE(VERSION_2_0, 0);
    header.writeUInt16LE(UTF8_NAMES, 2);
    header.writeUInt16LE(DEFLATED, 4);
    header.writeUInt16LE(0, 6); // time: midnight
    header.writeUInt16LE(this.#dosDate, 8);
    header.writeUInt32LE(checksum, 10);
    header.writeUInt32LE(packed, 14);
    header.writeUInt32LE(size, 18);
    header.writeUInt16LE(nameBytes, 22);
    header.writeUInt16LE(0, 24); // no extra field
    return header;
  }
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
