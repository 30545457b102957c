/**
 * Records who did what, when, and with which outcome. Rows are added and never changed: an outcome is a
 * separate row.
 */
import { boundedJson } from '../../contracts/show-value.ts';
import { unverifiedIdentity, type Identity } from './console-identity.ts';
import type { Queryable } from './database.ts';

type AuditKind = 'action' | 'sign-in' | 'sign-out' | 'rejection' | 'start';
type AuditVia = 'console' | 'cli' | 'temporal';

export interface AuditEvent {
  readonly via: AuditVia;
  readonly from: string;
  readonly action: string;
  readonly target: string;
  readonly detail?: unknown;
  /** Id of the run that the action starts. */
  readonly workflowId?: string | undefined;
}

export interface AuditRecord extends Omit<AuditEvent, 'workflowId'> {
  readonly id: number;
  readonly at: Date;
  readonly kind: AuditKind;
  readonly who: string;
  /** True if the caller presented a valid token; `who` is then the token's name. */
  readonly verified: boolean;
  /** Number of rejections that the row summarises; otherwise 1. */
  readonly count: number;
  readonly outcome: string;
}

const MOST_OUTCOME_CHARS = 2_000;
/** Limits the number of characters of the request's JSON. */
const MOST_DETAIL_CHARS = 4_000;

/** Records an action before it runs. @returns the id that closes the action. */
export async function beginAction(db: Queryable, identity: Identity, event: AuditEvent): Promise<number> {
  return insert(db, 'action', identity, event, 'begun');
}

export async function closeAction(db: Queryable, id: number, outcome: string): Promise<void> {
  await db.query(
    'INSERT INTO console_audit_outcomes (audit_id, outcome) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [id, outcome.slice(0, MOST_OUTCOME_CHARS)],
  );
}

export async function recordSession(
  db: Queryable,
  kind: 'sign-in' | 'sign-out',
  identity: Identity,
  event: AuditEvent,
): Promise<void> {
  await insert(db, kind, identity, event, 'ok');
}

/** Records `count` requests that were rejected for one reason. */
export async function recordRejections(db: Queryable, count: number, event: AuditEvent): Promise<void> {
  await insert(db, 'rejection', unverifiedIdentity('unknown'), event, 'rejected', count);
}

async function insert(
  db: Queryable,
  kind: AuditKind,
  { name, verified }: Identity,
  event: AuditEvent,
  outcome: string,
  count = 1,
): Promise<number> {
  const [row] = await db.query<{ id: number }>(
    `INSERT INTO console_audit (kind, via, who, verified, from_address, action, target, detail, workflow_id, count, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
    [
      kind,
      event.via,
      name,
      verified,
      event.from,
      event.action,
      event.target,
      JSON.stringify(boundedJson(event.detail ?? {}, MOST_DETAIL_CHARS)),
      event.workflowId ?? null,
      count,
      outcome,
    ],
  );
  return row!.id;
}

/**
 * Inserts a row for a root run that started without an announcing action. Run it after the run is in
 * `workflow_runs`. A successful action announces only the first later run of its workflow id.
 * $1: workflow id, $2: run id, $3: type.
 */
export const UNANNOUNCED_START = `
  INSERT INTO console_audit (kind, via, who, verified, from_address, action, target, detail, run_id, outcome)
  SELECT 'start', 'temporal', 'unknown', false, 'Temporal', $3, $1, '{}', $2, 'ok'
  WHERE NOT EXISTS (
    SELECT FROM console_audit AS announced
    LEFT JOIN console_audit_outcomes AS closed ON closed.audit_id = announced.id
    WHERE announced.workflow_id = $1 AND announced.at > now() - interval '1 day'
      AND coalesce(closed.outcome, 'ok') = 'ok'
      AND NOT EXISTS (
        SELECT FROM workflow_runs AS other
        WHERE other.workflow_id = $1 AND other.run_id <> $2 AND other.started_at >= announced.at))
  ON CONFLICT DO NOTHING`;

/** Lists records with ids below `before`, newest first. */
export async function auditRecords(
  db: Queryable,
  before: number | undefined,
  limit: number,
): Promise<AuditRecord[]> {
  return db.query<AuditRecord>(
    `SELECT audit.id, audit.at, kind, via, who, verified, from_address AS "from", action, target, detail, count,
       coalesce(closed.outcome, audit.outcome) AS outcome
     FROM console_audit AS audit LEFT JOIN console_audit_outcomes AS closed ON closed.audit_id = audit.id
     WHERE ($1::bigint IS NULL OR audit.id < $1) ORDER BY audit.id DESC LIMIT $2`,
    [before ?? null, limit],
  );
}
