/** Reads a folder of this machine as a source: `file:///folder`. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../../contracts/errors.ts';
import type { AllowedSource } from './allow-list.ts';
import { openToRead, openToWrite, resolveAllowed, unreadable } from './allowed-file.ts';
import type { OpenedFile, SourceEntry } from './entry.ts';

/** Lists every file below the folder, sorted by path, without hidden files and links to folders. */
export async function listFolder(source: AllowedSource): Promise<SourceEntry[]> {
  const folder = await resolveAllowed(source);
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw unreadable(source, error);
  }
  const files = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => path.join(source.path, path.relative(folder, entry.parentPath), entry.name))
    .sort();
  const listed = await Promise.all(
    files.map((file) => {
      const { href } = pathToFileURL(file);
      // For a link to a file outside, the listing shows only the link's own name. Opening it is rejected
      // under that name.
      return describeFile(source.at(href)).catch((error: unknown) => {
        if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_ALLOWED') return nothingKnown(href);
        throw error;
      });
    }),
  );
  return listed.filter((entry) => entry !== undefined);
}

/**
 * Describes the file at the address; returns undefined if there is none.
 * @throws CitibikeError SOURCE_NOT_ALLOWED if a link leads out of the allowed folders.
 */
export async function describeFile(source: AllowedSource): Promise<SourceEntry | undefined> {
  const file = await resolveAllowed(source).catch((error: unknown) => {
    if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  });
  const info = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return {
    url: source.url,
    name: path.basename(source.path),
    bytes: info.size,
    etag: etagOf(info),
    modified: info.mtimeMs,
  };
}

/** Opens a file for copying. The copy fails if the file changes while it is read. */
export async function openPath(source: AllowedSource, from: number): Promise<OpenedFile> {
  const { handle, file } = await openToRead(source);
  const info = await handle.stat();
  const stream = handle.createReadStream({ start: from, highWaterMark: 2 ** 20 });
  const body = checked(stream, source.url, file, info);
  return { from, etag: etagOf(info), bytes: info.size, md5: null, body };
}

/** Reads a whole small file. */
export async function readPath(source: AllowedSource): Promise<string> {
  const { handle } = await openToRead(source);
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Copies a local file to the target and replaces an existing file. */
export async function writePath(target: AllowedSource, file: string): Promise<void> {
  const handle = await openToWrite(target);
  await pipeline(createReadStream(file), handle.createWriteStream());
}

interface FileState {
  readonly mtimeMs: number;
  readonly size: number;
}

/** Yields the bytes, and fails at the end if the file was written meanwhile. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  url: string,
  file: string,
  before: FileState,
): AsyncGenerator<Uint8Array> {
  yield* body;
  const after = await stat(file).catch(() => undefined);
  if (after?.size === before.size && after.mtimeMs === before.mtimeMs) return;
  throw new CitibikeError('CONFLICT', `${url} changed while it was being read`, { changed: url });
}

/** Returns the modification time, which is the only version of a file. */
function etagOf({ mtimeMs }: FileState): string {
  return `mtime-${mtimeMs}`;
}

function nothingKnown(url: string): SourceEntry {
  return {
    url,
    name: decodeURIComponent(url.split('/').at(-1) ?? ''),
    bytes: null,
    etag: null,
    modified: null,
  };
}
