/** A folder of this machine as a source: `file:///folder`. */
import { copyFile, constants, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { SourceEntry } from './entry.ts';

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
  const listed = await Promise.all(files.map(describeFile));
  return listed.filter((entry) => entry !== undefined);
}

async function describeFile(file: string): Promise<SourceEntry | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return {
    url: pathToFileURL(file).href,
    name: path.basename(file),
    bytes: info.size,
    etag: `mtime-${info.mtimeMs}`,
    modified: info.mtimeMs,
  };
}

/** A copy, not a link: the source may change while the file is being read. Shared blocks where the file system can. */
export async function copyFromFolder(url: string, target: string): Promise<void> {
  try {
    await copyFile(pathOf(url), target, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound(url, error);
    throw error;
  }
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
