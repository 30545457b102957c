/** Who acts. Made here alone: by looking a token or a session up, or as the unverified user of a machine. */
import { createHash } from 'node:crypto';
import type { Database } from './database.ts';

type Queryable = Pick<Database, 'query'>;

/** Private fields, so that no object literal passes for one. */
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

  /** A token was shown, and the name is the token's. */
  get verified(): boolean {
    return this.#verified;
  }
}

export type Identity = ActingIdentity;

/** Of tokens and session ids, which are long and random: their plain digest gives nothing away, and a look-up by it no timing. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Undefined for a token that there is not, that was revoked or that has expired. */
export async function identityOfToken(db: Queryable, token: string): Promise<Identity | undefined> {
  const [row] = await db.query<{ name: string }>(
    'SELECT name FROM console_tokens WHERE sha256 = $1 AND (expires_at IS NULL OR expires_at > now())',
    [digestOf(token)],
  );
  return row && new ActingIdentity(row.name, true);
}

/** Undefined for a session that there is not or that has ended, by itself or with its token. */
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

/** A user of this machine, by the word of the operating system. */
export function unverifiedIdentity(user: string): Identity {
  return new ActingIdentity(user || 'unknown', false);
}
