/** Manages sessions of signed-in browsers. The cookie holds a random id; only its digest is stored. */
import { randomBytes } from 'node:crypto';
import { digestOf } from './console-identity.ts';
import type { Queryable } from './database.ts';

const LASTS = '7 days';

/** Opens a session. @returns the id for the cookie; undefined if the token no longer exists. */
export async function openSession(db: Queryable, token: string): Promise<string | undefined> {
  await db.query(
    `DELETE FROM console_sessions AS session WHERE expires_at < now()
       OR NOT EXISTS (SELECT FROM console_tokens AS token WHERE token.sha256 = session.token_sha256)`,
  );
  const session = randomBytes(32).toString('base64url');
  const opened = await db.query(
    `INSERT INTO console_sessions (sha256, token_sha256, expires_at)
     SELECT $1, sha256, now() + interval '${LASTS}' FROM console_tokens
     WHERE sha256 = $2 AND (expires_at IS NULL OR expires_at > now()) RETURNING sha256`,
    [digestOf(session), digestOf(token)],
  );
  return opened.length > 0 ? session : undefined;
}

export async function closeSession(db: Queryable, session: string): Promise<void> {
  await db.query('DELETE FROM console_sessions WHERE sha256 = $1', [digestOf(session)]);
}
