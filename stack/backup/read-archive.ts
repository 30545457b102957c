/** Unpacks a backup into a new folder and checks every name, size and digest. It never writes outside that folder. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open, statfs, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { extract, type Entry } from 'tar-stream';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { parseBackupFacts, type BackupFacts } from './backup-facts.ts';
import { DIGESTS_NAME, FACTS_NAME, isSafeName } from './entry-names.ts';

/** Holds the first bytes of a zstd frame: RFC 8878, section 3.1.1. */
const ZSTD_MAGIC = 'fd2fb528';
const FACTS_BYTES = 10_000;
/** Is the length of a line of digests without its name. */
const DIGEST_LENGTH = 64;
const LONGEST_LINE = 8_000;

/**
 * Unpacks and checks a backup.
 * @param allowed entries at the top of the archive that may exist.
 * @throws CitibikeError STACK if the file is truncated, damaged, foreign, of a newer version, or names a path outside its folder.
 */
export async function readArchive(
  file: string,
  folder: string,
  allowed: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<BackupFacts> {
  await assertZstd(file);
  const reader = new ArchiveReader(file, folder, allowed);
  const entries = extract();
  // The loop below throws the error; without a listener, streamx would also throw it.
  entries.on('error', () => undefined);
  const feeding = pipeline(createReadStream(file), createZstdDecompress(), entries);
  // The loop throws the same error first, and the promise is awaited only after it.
  feeding.catch(() => undefined);
  try {
    for await (const entry of entries) {
      signal?.throwIfAborted();
      await reader.read(entry);
    }
    await feeding;
  } catch (error) {
    if (error instanceof CitibikeError || signal?.aborted) throw error;
    if (isDiskError(error)) throw error;
    throw new CitibikeError(
      'STACK',
      `${file}: is truncated or damaged (${messageOf(error)}), expected a whole file of 'citibike backup'; copy it again`,
      {},
      { cause: error },
    );
  }
  return reader.finish();
}

/** Full disks and missing rights are faults of this machine, not of the backup. */
function isDiskError(error: unknown): boolean {
  return ['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

async function assertZstd(file: string): Promise<void> {
  const head = Buffer.alloc(4);
  const handle = await open(file).catch((error: unknown) => {
    throw new CitibikeError('STACK', `${file}: cannot be read: ${messageOf(error)}`, {}, { cause: error });
  });
  try {
    await handle.read(head, 0, 4, 0);
  } catch (error) {
    throw new CitibikeError('STACK', `${file}: cannot be read: ${messageOf(error)}`, {}, { cause: error });
  } finally {
    await handle.close();
  }
  if (head.readUInt32LE(0).toString(16) !== ZSTD_MAGIC)
    throw new CitibikeError(
      'STACK',
      `${file}: is not a backup, expected a file of 'citibike backup'; choose another`,
    );
}

class ArchiveReader {
  readonly #file: string;
  readonly #folder: string;
  readonly #allowed: ReadonlySet<string>;
  readonly #digests = new Map<string, string>();
  #facts: BackupFacts | undefined;
  #entries = 0;
  #bytes = 0;
  #ended = false;

  constructor(file: string, folder: string, allowed: ReadonlySet<string>) {
    this.#file = file;
    this.#folder = folder;
    this.#allowed = allowed;
  }

  async read(entry: Entry): Promise<void> {
    const name = entry.header.name.replace(/\/$/, '');
    if (this.#ended) throw this.#fault(`has entry ${showValue(name)} after its digests`);
    if (!this.#facts) {
      if (name !== FACTS_NAME) throw this.#fault(`begins with ${showValue(name)}, expected ${FACTS_NAME}`);
      await this.#readFacts(entry);
    } else if (name === DIGESTS_NAME) {
      await this.#compareDigests(entry);
      this.#ended = true;
    } else await this.#unpack(entry, name, this.#facts);
  }

  finish(): BackupFacts {
    if (!this.#facts || !this.#ended)
      throw this.#fault(`is truncated: ${DIGESTS_NAME} at its end is missing; copy it again`);
    return this.#facts;
  }

  async #readFacts(entry: Entry): Promise<void> {
    if ((entry.header.size ?? 0) > FACTS_BYTES)
      throw this.#fault(`has ${FACTS_NAME} of ${entry.header.size} bytes, expected at most ${FACTS_BYTES}`);
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    this.#facts = parseBackupFacts(this.#file, content.toString('utf8'));
    this.#digests.set(FACTS_NAME, createHash('sha256').update(content).digest('hex'));
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < this.#facts.bytes)
      throw this.#fault(
        `needs ${megabytes(this.#facts.bytes)} MB in ${this.#folder}, where ${megabytes(bavail * bsize)} MB are free; free some space`,
      );
  }

  async #unpack(entry: Entry, name: string, facts: BackupFacts): Promise<void> {
    const { type, size = 0, mtime } = entry.header;
    if (!isSafeName(name) || !this.#allowed.has(name.split('/')[0]!))
      throw this.#fault(`has entry ${showValue(name)}, which is outside the folder of the stack`);
    if (type !== 'file' && type !== 'directory')
      throw this.#fault(
        `has ${showValue(name)}, a ${type ?? 'special file'}, expected only files and folders`,
      );
    this.#entries += 1;
    this.#bytes += size;
    if (this.#entries > facts.entries || this.#bytes > facts.bytes)
      throw this.#fault(
        `has more than the ${facts.entries} entries and ${facts.bytes} bytes that it announces`,
      );
    const target = path.join(this.#folder, ...name.split('/'));
    if (type === 'directory') {
      mkdirSync(target, { mode: 0o700 });
      entry.resume();
      return;
    }
    const hash = createHash('sha256');
    await pipeline(
      entry,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    );
    // S3 reports the time of a file as the time of its object.
    if (mtime) await utimes(target, mtime, mtime);
    this.#digests.set(name, hash.digest('hex'));
  }

  async #compareDigests(entry: Entry): Promise<void> {
    if (this.#entries !== this.#facts?.entries || this.#bytes !== this.#facts.bytes)
      throw this.#fault(`has ${this.#entries} entries, expected ${this.#facts?.entries}`);
    let rest = '';
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#compare(line);
      if (rest.length > LONGEST_LINE) throw this.#fault('has a line of digests that is too long');
    }
    const [missing] = this.#digests.keys();
    if (missing !== undefined) throw this.#fault(`has no digest of ${showValue(missing)}`);
  }

  #compare(line: string): void {
    const digest = line.slice(0, DIGEST_LENGTH);
    const name = Buffer.from(line.slice(DIGEST_LENGTH + 2), 'latin1').toString('utf8');
    if (this.#digests.get(name) !== digest)
      throw this.#fault(`is damaged: the digest of ${showValue(name)} differs; copy it again`);
    this.#digests.delete(name);
  }

  #fault(what: string): CitibikeError {
    return new CitibikeError('STACK', `${this.#file}: ${what}`);
  }
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);
