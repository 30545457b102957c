/** Parses a JSON file of a model folder. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/**
 * @returns undefined when the folder has no such file.
 * @throws CitibikeError BAD_MODEL when the file is not JSON.
 */
export function parseJsonFile<T>(files: Readonly<Record<string, Uint8Array>>, name: string): T | undefined {
  const bytes = files[name];
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (error) {
    throw new CitibikeError('BAD_MODEL', `${name} is not JSON: ${messageOf(error)}`, {}, { cause: error });
  }
}
