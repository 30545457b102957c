/** Who did what in the console, when, and what came of it. */
import type { Database } from './database.ts';

type Queryable = Pick<Database, 'query'>;

export interface AuditEntry {
  readonly who: string;
  readonly from: string;
  readonly action: string;
  readonly target: string;
  readonly detail: unknown;
}

export interface AuditRecord extends AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly outcome: string;
}

/** @returns the id to close it by. */
export async function beginAction(db: Queryable, entry: AuditEntry): Promise<number> {
  const [row] = await db.query<{ id: number }>(
    `INSERT INTO console_audit (who, from_address, action, target, detail, outcome)
     VALUES ($1, $2, $3, $4, $5, 'begun') RETURNING id`,
    [entry.who, entry.from, entry.action, entry.target, JSON.stringify(entry.detail ?? {})],
  );
  return row!.id;
}

export async function closeAction(db: Queryable, id: number, outcome: string): Promise<void> {
  await db.query('UPDATE console_audit SET outcome = $2 WHERE id = $1', [id, outcome.slice(0, 2_000)]);
}

/** Newest first, from `before` down. */
export async function auditRecords(
  db: Queryable,
  before: number | undefined,
  limit: number,
): Promise<AuditRecord[]> {
  return db.query<AuditRecord & Record<string, unknown>>(
    `SELECT id, at, who, from_address AS "from", action, target, detail, outcome FROM console_audit
     WHERE ($1::bigint IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
    [before ?? null, limit],
  );
}
