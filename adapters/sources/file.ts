/** A folder of this machine as a source: `file:///folder`. */
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { OpenedFile, SourceEntry } from './entry.ts';

/** Every file under the folder, at any depth, sorted by path. Hidden ones and links to folders are left out. */
export async function listFolder(address: string): Promise<SourceEntry[]> {
  const folder = pathOf(address);
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw notFound(address, error);
  }
  const files = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const listed = await Promise.all(files.map(describePath));
  return listed.filter((entry) => entry !== undefined);
}

/** What is at the address, or undefined. */
export async function describeFile(url: string): Promise<SourceEntry | undefined> {
  return describePath(pathOf(url));
}

async function describePath(file: string): Promise<SourceEntry | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return {
    url: pathToFileURL(file).href,
    name: path.basename(file),
    bytes: info.size,
    etag: etagOf(info),
    modified: info.mtimeMs,
  };
}

/** Reads a copy of, and never in place: the file may change while it is being read, and then does not count. */
export async function openPath(url: string, from: number): Promise<OpenedFile> {
  try {
    const handle = await open(pathOf(url));
    const info = await handle.stat();
    const stream = handle.createReadStream({ start: from, highWaterMark: 2 ** 20 });
    return { from, etag: etagOf(info), bytes: info.size, md5: null, body: checked(stream, url, info) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound(url, error);
    throw error;
  }
}

interface FileState {
  readonly mtimeMs: number;
  readonly size: number;
}

/** Fails at the end when the file was written to meanwhile. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  url: string,
  before: FileState,
): AsyncGenerator<Uint8Array> {
  yield* body;
  const after = await stat(pathOf(url)).catch(() => undefined);
  if (after?.size === before.size && after.mtimeMs === before.mtimeMs) return;
  throw new CitibikeError('CONFLICT', `${url} changed while it was being read`, { changed: url });
}

/** Files have no version but their time of change. */
function etagOf({ mtimeMs }: FileState): string {
  return `mtime-${mtimeMs}`;
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `source ${JSON.stringify(url)} is no file address: ${messageOf(error)}; expected file:///absolute/folder`,
      {},
      { cause: error },
    );
  }
}

function notFound(address: string, cause: unknown): CitibikeError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reason =
    code === 'ENOENT'
      ? 'is not there'
      : code === 'ENOTDIR'
        ? 'is no folder'
        : `cannot be read (${messageOf(cause)})`;
  return new CitibikeError(
    'SOURCE_NOT_FOUND',
    `source ${address} ${reason} on the machine of the worker`,
    { source: address },
    { cause },
  );
}
