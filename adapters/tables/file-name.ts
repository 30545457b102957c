/** Resolves names of files and folders given to a command. */
import { localPath } from './table-file.ts';

/**
 * Decodes an address once, and keeps a path as written.
 * @throws CitibikeError INVALID_INPUT for an address that is not a file of this machine.
 */
export function fileName(name: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? localPath(name) : name;
}
