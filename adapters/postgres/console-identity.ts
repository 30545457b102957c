/**
 * Identifies who acts. This module alone creates identities: from a token, a session, or the unverified user
 * of a machine.
 */
import { createHash } from 'node:crypto';
import type { Queryable } from './database.ts';

/** Holds an identity. Private fields prevent an object literal from passing as one. */
class ActingIdentity {
  readonly #name: string;
  readonly #verified: boolean;

  constructor(name: string, verified: boolean) {
    this.#name = name;
    this.#verified = verified;
  }

  get name(): string {
    return this.#name;
  }

  /** Returns true if the caller presented a valid token; the name is then the token's name. */
  get verified(): boolean {
    return this.#verified;
  }
}

export type Identity = ActingIdentity;

/**
 * Returns the digest of a token or session id. These are long and random, so a plain digest reveals nothing,
 * and a lookup by digest leaks no timing.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Returns undefined for a token that is unknown, revoked or expired. */
export async function identityOfToken(db: Queryable, token: string): Promise<Identity | undefined> {
  const [row] = await db.query<{ name: string }>(
    'SELECT name FROM console_tokens WHERE sha256 = $1 AND (expires_at IS NULL OR expires_at > now())',
    [digestOf(token)],
  );
  return row && new ActingIdentity(row.name, true);
}

/** Returns undefined for a session that is unknown, has expired or lost its token. */
export async function identityOfSession(db: Queryable, session: string): Promise<Identity | undefined> {
  const [row] = await db.query<{ name: string }>(
    `SELECT token.name FROM console_sessions AS session
     JOIN console_tokens AS token ON token.sha256 = session.token_sha256
     WHERE session.sha256 = $1 AND session.expires_at > now()
       AND (token.expires_at IS NULL OR token.expires_at > now())`,
    [digestOf(session)],
  );
  return row && new ActingIdentity(row.name, true);
}

/** Returns the identity of a user of this machine, as the operating system names it. */
export function unverifiedIdentity(user: string): Identity {
  return new ActingIdentity(user || 'unknown', false);
}
