/**
 * Opens the files of a batch prediction. Workflows are limited to the allow-lists; the command line uses the
 * user's own rights.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { shownAddress } from '../../adapters/sources/address.ts';
import { downloadFromSource, writeToSource } from '../../adapters/sources/source.ts';
import { fileName } from '../../adapters/tables/file-name.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { ActivityDependencies } from '../dependencies.ts';

interface BatchFile {
  /** Path on this machine, used in place; undefined if the file must be copied. */
  readonly inPlace?: string;
  /** Copies an input to the local file, or an output from it. */
  readonly copy: (local: string, signal?: AbortSignal) => Promise<void>;
}

/** Resolves both addresses before any read, and rejects addresses that are not allowed. */
export interface BatchFiles {
  readonly input: (address: string) => BatchFile;
  readonly output: (address: string) => BatchFile;
}

/** Limits the files to the addresses that the settings allow. */
export function allowedFiles({ allowed, artifacts }: ActivityDependencies): BatchFiles {
  const { objects } = artifacts;
  return {
    input: (address) => {
      const source = allowed.sources.check(asAddress(address, 'input'), 'input');
      return {
        copy: async (local, signal) => {
          const access = { objects, signal };
          await downloadFromSource(source, local, access, { etag: null, bytes: null });
        },
      };
    },
    output: (address) => {
      const target = allowed.outputs.check(asAddress(address, 'output'), 'output');
      return { copy: (local, signal) => writeToSource(target, local, objects, signal) };
    },
  };
}

/** Allows every file that the current process may access. */
export function ownFiles(objects: () => ObjectStore): BatchFiles {
  return {
    input: (address) => ({
      ...localPath(address),
      copy: (local) => objects().getToFile(address, local),
    }),
    output: (address) => ({
      ...localPath(address),
      copy: (local, signal) => objects().putFile(address, local, undefined, signal),
    }),
  };
}

function localPath(address: string): { inPlace?: string } {
  if (address.startsWith('s3://')) return {};
  return { inPlace: fileName(address) };
}

/**
 * Converts a path to an address.
 * @throws CitibikeError INVALID_INPUT for a relative path, which each worker would resolve differently.
 */
function asAddress(text: string, field: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  if (path.isAbsolute(text)) return pathToFileURL(text).href;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${field}: got ${JSON.stringify(shownAddress(text))}, expected an absolute path or an address s3:// or file:///`,
    { field },
  );
}
