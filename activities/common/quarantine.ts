/** Keeps broken files with the reason, so that people can inspect a rejected file. */
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { sha256OfFile } from '../../adapters/s3/artifact-store.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';

/** Runs `work`. Copies a file that causes BAD_ARCHIVE to `quarantine/{folder}/{sha256[0:12]}/{name}`, and rethrows. */
export async function withQuarantine<T>(
  objects: ObjectStore,
  folder: string,
  files: readonly { readonly name: string; readonly file: string; readonly origin: string }[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CitibikeError) || error.code !== 'BAD_ARCHIVE') throw error;
    const broken = files.find(({ name }) => name === error.details['file']);
    if (!broken) throw error;
    const uri = await quarantine(objects, folder, broken, error);
    throw new CitibikeError(
      error.code,
      `${error.message} (kept at ${uri})`,
      { ...error.details, quarantine: uri },
      { cause: error },
    );
  }
}

async function quarantine(
  objects: ObjectStore,
  folder: string,
  broken: { readonly name: string; readonly file: string; readonly origin: string },
  error: CitibikeError,
): Promise<string> {
  const sha256 = await sha256OfFile(broken.file);
  const uri = `s3://${objects.buckets.data}/quarantine/${folder}/${sha256.slice(0, 12)}/${path.basename(broken.name)}`;
  await objects.putFile(uri, broken.file);
  const reason = {
    file: broken.name,
    origin: broken.origin,
    sha256,
    reason: error.message,
    ...error.details,
  };
  await objects.putJson(`${uri}.reason.json`, reason, { layout: 2 });
  return uri;
}
