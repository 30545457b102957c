/**
 * Manages the token of the command line on the local stack. It is stored next to the stack's passwords, in a
 * file that only its owner can read.
 */
import { userInfo } from 'node:os';
import { identityOfToken } from '../adapters/postgres/console-identity.ts';
import { renewToken } from '../adapters/postgres/console-tokens.ts';
import { Database } from '../adapters/postgres/database.ts';
import { readJson, writeJson } from '../stack/json-file.ts';

const NAME = 'CITIBIKE_TOKEN';

type Environment = Readonly<Record<string, string>>;

/** Returns the token in the settings file of the stack, before the next start overwrites the file. */
export function localTokenIn(file: string): string | undefined {
  return readJson<Environment>(file)?.[NAME];
}

/** Keeps the token while it is valid; otherwise creates a new one. */
export async function keepLocalToken(
  databaseUrl: string,
  file: string,
  known: string | undefined,
): Promise<void> {
  const database = new Database(databaseUrl, { max: 1 });
  try {
    const isValid = known !== undefined && (await identityOfToken(database, known)) !== undefined;
    const token = isValid ? known : await renewToken(database, `local-${nameOfUser()}`);
    const environment = readJson<Environment>(file);
    if (environment?.[NAME] !== token) writeJson(file, { ...environment, [NAME]: token });
  } finally {
    await database.close();
  }
}

function nameOfUser(): string {
  return userInfo()
    .username.replace(/[^\w.@-]/g, '_')
    .slice(0, 90);
}
