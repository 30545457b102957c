/** Copies one file from, to or within S3. */
import type { Stats } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ObjectStore } from '../adapters/s3/object-store.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';

type Store = Pick<ObjectStore, 'getToFile' | 'putFile'>;

export function isInS3(address: string): boolean {
  return address.startsWith('s3://');
}

/**
 * Copies a file. A target that is a folder, or ends with a slash, keeps the name of the source.
 * @returns the address of the copy.
 * @throws CitibikeError INVALID_INPUT if neither side is in S3, or the source is no file.
 */
export async function copyObject(store: Store, source: string, target: string): Promise<string> {
  if (!isInS3(source) && !isInS3(target))
    throw new CitibikeError(
      'INVALID_INPUT',
      `expected an address s3://bucket/key as source or target, got ${showValue(source)} and ${showValue(target)}`,
    );
  if (source.endsWith('/') || (!isInS3(source) && !(await statOf(source))?.isFile()))
    throw new CitibikeError('INVALID_INPUT', `expected one file to copy, got ${showValue(source)}`);
  const copy = await named(target, path.posix.basename(source));
  if (!isInS3(source)) await store.putFile(copy, source);
  else if (!isInS3(copy)) await store.getToFile(source, copy);
  else await copyWithin(store, source, copy);
  return copy;
}

async function named(target: string, name: string): Promise<string> {
  if (isInS3(target)) return target.endsWith('/') ? `${target}${name}` : target;
  return target.endsWith('/') || (await statOf(target))?.isDirectory() ? path.join(target, name) : target;
}

async function copyWithin(store: Store, source: string, target: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'citibike-copy-'));
  try {
    const file = path.join(folder, 'object');
    await store.getToFile(source, file);
    await store.putFile(target, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns undefined if nothing is there. */
function statOf(file: string): Promise<Stats | undefined> {
  return stat(file).catch(() => undefined);
}
