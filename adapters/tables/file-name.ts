/** Names of files and folders as people give them to a command. */
import { localPath } from './table-file.ts';

/**
 * Decodes an address once; a path stays as it is written.
 * @throws CitibikeError INVALID_INPUT for an address that names no file of this machine.
 */
export function fileName(name: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? localPath(name) : name;
}
