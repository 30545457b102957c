/**
 * Reads and writes the API key file of the prediction service: one `NAME:SHA-256[:REQUESTS PER SECOND]` per
 * line. Keys are long random texts, so a plain SHA-256 does not reveal them.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { chown, open, readFile, rename, stat } from 'node:fs/promises';
import { CitibikeError } from '../../contracts/errors.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const LINE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63}):([0-9a-f]{64})(?::([1-9]\d{0,6}))?$/;
const KEY_BYTES = 32;
const MODE = 0o600;

export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key. */
  readonly hash: Buffer;
  /** Maximum number of requests per second; undefined means no limit. */
  readonly requestsPerSecond: number | undefined;
}

export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/**
 * Parses the text of a key file. Skips empty lines and lines that start with #.
 * @throws CitibikeError BAD_SETTING that names the line but never its content.
 */
export function parseApiKeys(text: string, file: string): ApiKey[] {
  return text.split(/\r?\n/).flatMap((raw, index): ApiKey[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const [, name, hash, limit] = LINE.exec(line) ?? [];
    if (name === undefined || hash === undefined) {
      throw new CitibikeError(
        'BAD_SETTING',
        `INFERENCE_API_KEYS_FILE: ${file}, line ${index + 1}: expected NAME:SHA256[:REQUESTS PER SECOND], the hash as 64 hex digits in lower case; citibike api-key writes such lines`,
        { file, line: index + 1 },
      );
    }
    const requestsPerSecond = limit === undefined ? undefined : Number(limit);
    return [{ name, hash: Buffer.from(hash, 'hex'), requestsPerSecond }];
  });
}

/** Reads the file. @throws CitibikeError BAD_SETTING */
export async function readApiKeys(file: string): Promise<ApiKey[]> {
  return parseApiKeys(await textOf(file), file);
}

/**
 * Adds a key, and creates the file if it does not exist.
 * @returns the key itself, which is not stored anywhere.
 * @throws CitibikeError INVALID_INPUT for an invalid or duplicate name.
 */
export async function createApiKey(file: string, name: string, requestsPerSecond?: number): Promise<string> {
  if (!NAME.test(name)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `name: got ${JSON.stringify(name.slice(0, 80))}, expected up to 64 letters, digits and . _ -, a letter or digit first`,
    );
  }
  const text = existsSync(file) ? await textOf(file) : '';
  if (parseApiKeys(text, file).some((key) => key.name === name)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `a key ${name} exists in ${file}; choose another name, or revoke it first: citibike api-key revoke ${name}`,
    );
  }
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const limit = requestsPerSecond === undefined ? '' : `:${requestsPerSecond}`;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  await replaceFile(file, `${before}${name}:${hashOfKey(key).toString('hex')}${limit}\n`);
  return key;
}

/** Removes a key and keeps all other lines. @throws CitibikeError INVALID_INPUT if no key has that name. */
export async function revokeApiKey(file: string, name: string): Promise<void> {
  const text = await textOf(file);
  const names = parseApiKeys(text, file).map((key) => key.name);
  if (!names.includes(name)) {
    const known = names.length === 0 ? 'it contains no key' : `it has ${names.join(', ').slice(0, 300)}`;
    throw new CitibikeError(
      'INVALID_INPUT',
      `no key ${JSON.stringify(name.slice(0, 80))} in ${file}; ${known}`,
    );
  }
  const lines = text.split('\n').filter((line) => !line.trim().startsWith(`${name}:`));
  await replaceFile(file, lines.join('\n'));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CitibikeError(
      'BAD_SETTING',
      `INFERENCE_API_KEYS_FILE: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}); citibike api-key create NAME creates it`,
      { file },
      { cause: error },
    );
  }
}

/**
 * Replaces the file atomically: readers see the old text or the new one. Keeps the owner, because the service
 * may run as another user.
 */
async function replaceFile(file: string, text: string): Promise<void> {
  const target = existsSync(file) ? realpathSync(file) : file;
  const before = await stat(target).catch(() => undefined);
  const draft = `${target}.${process.pid}.tmp`;
  const handle = await open(draft, 'w', MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (before && before.uid !== process.getuid?.()) await chown(draft, before.uid, before.gid);
  await rename(draft, target);
}
