/** Tokens of the console. Only their digests are kept: who loses one makes another. */
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

type Queryable = Pick<Database, 'query'>;

/** Name of the token that the first start makes. */
export const FIRST_TOKEN = 'operator';

export function digestOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** @returns the first token, to be shown once; undefined when there is one already. Two that ask at once get one between them. */
export async function firstToken(db: Queryable): Promise<string | undefined> {
  const token = randomBytes(24).toString('base64url');
  const made = await db.query(
    `INSERT INTO console_tokens (name, sha256)
     SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM console_tokens)
     ON CONFLICT DO NOTHING RETURNING name`,
    [FIRST_TOKEN, digestOfToken(token)],
  );
  return made.length > 0 ? token : undefined;
}

/** Makes a token of that name, in place of the one it had. */
export async function renewToken(db: Queryable, name: string): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await db.query(
    `INSERT INTO console_tokens (name, sha256) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET sha256 = EXCLUDED.sha256, created_at = now()`,
    [name, digestOfToken(token)],
  );
  return token;
}

/** Name of a token; undefined when there is no such token. */
export async function nameOfToken(db: Queryable, token: string): Promise<string | undefined> {
  // Looked up by digest: how long it takes tells nothing of the token.
  const [row] = await db.query<{ name: string }>('SELECT name FROM console_tokens WHERE sha256 = $1', [
    digestOfToken(token),
  ]);
  return row?.name;
}
