/** Manages tokens of the console. Only digests are stored, so a lost token must be revoked and replaced. */
import { randomBytes } from 'node:crypto';
import { CitibikeError } from '../../contracts/errors.ts';
import { digestOf } from './console-identity.ts';
import type { Queryable } from './database.ts';

/** Names the token that the first start makes. */
const FIRST_TOKEN = 'operator';

export interface TokenFacts {
  readonly name: string;
  readonly createdAt: Date;
  /** Expiry time; null means that the token never expires. */
  readonly expiresAt: Date | null;
  readonly expired: boolean;
  /** Number of browsers signed in with the token. */
  readonly sessions: number;
}

/** Creates the first token, which is shown once. @returns undefined if a token exists; of concurrent callers only one gets a token. */
export async function firstToken(db: Queryable): Promise<string | undefined> {
  const token = newToken();
  const made = await db.query(
    `INSERT INTO console_tokens (name, sha256)
     SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM console_tokens)
     ON CONFLICT DO NOTHING RETURNING name`,
    [FIRST_TOKEN, digestOf(token)],
  );
  return made.length > 0 ? token : undefined;
}

/**
 * Creates a token.
 * @param days days until it expires; undefined means never.
 * @throws CitibikeError CONFLICT if a token has that name.
 */
export async function createToken(db: Queryable, name: string, days?: number): Promise<string> {
  const token = newToken();
  const made = await db.query(
    `INSERT INTO console_tokens (name, sha256, expires_at) VALUES ($1, $2, now() + $3 * interval '1 day')
     ON CONFLICT (name) DO NOTHING RETURNING name`,
    [name, digestOf(token), days ?? null],
  );
  if (made.length > 0) return token;
  throw new CitibikeError(
    'CONFLICT',
    `a token ${name} exists. Choose another name, or revoke it first: citibike console-token revoke ${name}`,
  );
}

/** Creates a token of that name and replaces an existing one. */
export async function renewToken(db: Queryable, name: string): Promise<string> {
  const token = newToken();
  await db.query(
    `INSERT INTO console_tokens (name, sha256) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET sha256 = EXCLUDED.sha256, created_at = now(), expires_at = NULL`,
    [name, digestOf(token)],
  );
  return token;
}

/** Revokes a token and ends its sessions. @returns false if no token has that name. */
export async function revokeToken(db: Queryable, name: string): Promise<boolean> {
  const gone = await db.query<{ sha256: string }>(
    'DELETE FROM console_tokens WHERE name = $1 RETURNING sha256',
    [name],
  );
  for (const { sha256 } of gone)
    await db.query('DELETE FROM console_sessions WHERE token_sha256 = $1', [sha256]);
  return gone.length > 0;
}

/** Lists all tokens, sorted by name. */
export async function listTokens(db: Queryable): Promise<TokenFacts[]> {
  return db.query<TokenFacts>(
    `SELECT token.name, token.created_at AS "createdAt", token.expires_at AS "expiresAt",
       coalesce(token.expires_at <= now(), false) AS expired, count(session.sha256) AS sessions
     FROM console_tokens AS token
     LEFT JOIN console_sessions AS session ON session.token_sha256 = token.sha256 AND session.expires_at > now()
     GROUP BY token.name ORDER BY token.name`,
  );
}

/** Returns a token with 144 random bits. */
function newToken(): string {
  return randomBytes(24).toString('base64url');
}
