/**
 * Opens files of allowed folders so that no link leads out of them, even if the link is created during the
 * open.
 */
import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { AllowedSource } from './allow-list.ts';

/** Sets the flags of `open`, which then fails on a link as the last component and does not block on a pipe. */
const { O_RDONLY, O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Returns the path of an address with its links resolved.
 * @throws CitibikeError SOURCE_NOT_ALLOWED if a link leads out of the allowed folders, whether or not the
 *   target exists; SOURCE_NOT_FOUND if nothing is at the address.
 */
export async function resolveAllowed(source: AllowedSource): Promise<string> {
  let real: string;
  try {
    real = await realpath(source.path);
  } catch (error) {
    if (await leadsOut(source)) throw source.rejection();
    throw unreadable(source, error);
  }
  if (!source.holdsPath(real)) throw source.rejection();
  return real;
}

/** Opens a regular file to read. @throws as `resolveAllowed`. */
export async function openToRead(source: AllowedSource): Promise<{ handle: FileHandle; file: string }> {
  const file = await resolveAllowed(source);
  return { handle: await openAt(source, file, O_RDONLY), file };
}

/** Opens a file to write, and empties it. Its folder must exist. @throws as `resolveAllowed`. */
export async function openToWrite(source: AllowedSource): Promise<FileHandle> {
  const folder = await resolveAllowed(source.at(path.dirname(source.url)));
  const handle = await openAt(source, path.join(folder, path.basename(source.path)), O_WRONLY | O_CREAT);
  // Truncation follows the check, because O_TRUNC would empty a file outside the allowed folders.
  await handle.truncate(0);
  return handle;
}

async function openAt(source: AllowedSource, file: string, flags: number): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(file, flags | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') throw source.rejection();
    throw unreadable(source, error);
  }
  try {
    if (!source.holdsPath(await pathOf(handle, file))) throw source.rejection();
    if (!(await handle.stat()).isFile()) throw unreadable(source, 'it is not a regular file');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Returns the path of the opened file as the kernel reports it. Without /proc, returns the resolved path if
 * it still names the same file.
 */
async function pathOf(handle: FileHandle, file: string): Promise<string> {
  const said = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  if (said !== undefined) return said;
  const real = await realpath(file);
  const [opened, named] = await Promise.all([handle.stat(), stat(real)]);
  return opened.dev === named.dev && opened.ino === named.ino ? real : '';
}

/** Checks whether a missing path leads out of the allowed folders, by its deepest part that exists. */
async function leadsOut(source: AllowedSource): Promise<boolean> {
  let part = source.path;
  while (!(await lstat(part).catch(() => undefined))) part = path.dirname(part);
  // No part of the allowed folder exists.
  if (!source.covers(part)) return false;
  const real = await realpath(part).catch(() => undefined);
  return real === undefined || !source.holdsPath(real);
}

export function unreadable(source: AllowedSource, cause: unknown): CitibikeError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reason =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'ENOTDIR'
        ? 'is not a folder'
        : `cannot be read (${messageOf(cause)})`;
  return new CitibikeError(
    'SOURCE_NOT_FOUND',
    `source ${source.url} ${reason} on the machine of the worker`,
    { source: source.url },
    { cause },
  );
}
