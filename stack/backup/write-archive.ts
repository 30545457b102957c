/** Writes a backup as a stream: a tar file, compressed by zstd, with a digest of every file at its end. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { CitibikeError } from '../../contracts/errors.ts';
import { processInfo } from '../process-table.ts';
import type { BackupFacts } from './backup-facts.ts';
import { DIGESTS_NAME, FACTS_NAME } from './entry-names.ts';
import type { SavedEntry } from './saved-entries.ts';

/** Ends the name of a file that is not complete. */
const PARTIAL = '.partial';

/**
 * Writes the backup under a temporary name and renames it. Only its owner can read it, because it holds passwords.
 * @param signal aborts the backup; nothing is left of it.
 */
export async function writeArchive(
  file: string,
  facts: BackupFacts,
  entries: readonly SavedEntry[],
  signal?: AbortSignal,
): Promise<void> {
  removePartialFiles(file);
  const aside = `${file}.${process.pid}${PARTIAL}`;
  const archive = pack();
  // Node's pipeline reports the error; without a listener, streamx would also throw it.
  archive.on('error', () => undefined);
  const written = pipeline(
    archive,
    createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
    createWriteStream(aside, { flags: 'wx', mode: 0o600, flush: true }),
  );
  try {
    // A full disk ends the pipeline first, and then nothing reads the entries any more.
    await Promise.race([
      addAll(archive, facts, entries, signal),
      written.then(() => new Promise<never>(() => undefined)),
    ]);
    archive.finalize();
    await written;
    renameSync(aside, file);
  } catch (error) {
    archive.destroy();
    await written.catch(() => undefined);
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Deletes what killed backups left of the file, because it holds passwords. */
function removePartialFiles(file: string): void {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start) || !name.endsWith(PARTIAL)) continue;
    const pid = name.slice(start.length, -PARTIAL.length);
    if (/^\d+$/.test(pid) && !processInfo(Number(pid))) rmSync(path.join(folder, name));
  }
}

async function addAll(
  archive: Pack,
  facts: BackupFacts,
  entries: readonly SavedEntry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const digests = [addText(archive, FACTS_NAME, `${JSON.stringify(facts, null, 2)}\n`)];
  for (const entry of entries) {
    if (entry.isFolder) archive.entry({ name: entry.name, type: 'directory', mode: 0o700 });
    else digests.push(await addFile(archive, entry, signal));
  }
  addText(archive, DIGESTS_NAME, digests.join(''));
}

/** @returns the line of the digest. */
function addText(archive: Pack, name: string, text: string): string {
  archive.entry({ name, mode: 0o600 }, text);
  return digestLine(createHash('sha256').update(text).digest('hex'), name);
}

async function addFile(
  archive: Pack,
  { name, file, bytes, modifiedAt }: SavedEntry,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { promise: added, resolve, reject } = Promise.withResolvers<void>();
  const entry = archive.entry({ name, size: bytes, mtime: modifiedAt, mode: 0o600 }, (error) =>
    error ? reject(error) : resolve(),
  );
  // The promise is awaited after the loop, which an error may leave first.
  added.catch(() => undefined);
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    read += chunk.length;
    if (read > bytes) break;
    if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), added]);
  }
  if (read !== bytes)
    throw new CitibikeError(
      'STACK',
      `${file} changed during the backup; stop what writes to it, then repeat the backup`,
    );
  entry.end();
  await added;
  return digestLine(hash.digest('hex'), name);
}

const digestLine = (digest: string, name: string): string => `${digest}  ${name}\n`;
