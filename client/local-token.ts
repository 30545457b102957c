/** The token that the command line acts with on the local stack. It lies beside the stack's passwords, in a file of its owner alone. */
import { userInfo } from 'node:os';
import { identityOfToken } from '../adapters/postgres/console-identity.ts';
import { renewToken } from '../adapters/postgres/console-tokens.ts';
import { Database } from '../adapters/postgres/database.ts';
import { readJson, writeJson } from '../stack/json-file.ts';

const NAME = 'CITIBIKE_TOKEN';

type Environment = Readonly<Record<string, string>>;

/** What the file of the stack's settings holds before a start writes it anew. */
export function localTokenIn(file: string): string | undefined {
  return readJson<Environment>(file)?.[NAME];
}

/** Keeps the token while it is valid, and makes one in its place otherwise. */
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
