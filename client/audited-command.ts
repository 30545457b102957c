/**
 * Audits actions of the command line before they run, under the token in CITIBIKE_TOKEN or, unverified, the
 * name of the OS user.
 */
import { hostname, userInfo } from 'node:os';
import { beginAction, closeAction, type AuditEvent } from '../adapters/postgres/console-audit.ts';
import { identityOfToken, unverifiedIdentity, type Identity } from '../adapters/postgres/console-identity.ts';
import { Database } from '../adapters/postgres/database.ts';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import { printNote } from './print.ts';

export interface CommandAction {
  /** Command as typed, such as `citibike run`. */
  readonly action: string;
  readonly target: string;
  readonly detail?: unknown;
  /** Id of the workflow that the command starts. */
  readonly workflowId?: string;
}

/** @throws CitibikeError BAD_SETTING if the token is unknown, revoked or expired. */
async function identityOfCommand(settings: Settings, database: Database): Promise<Identity> {
  if (settings.token === undefined) return unverifiedIdentity(userInfo().username);
  const identity = await identityOfToken(database, settings.token);
  if (identity) return identity;
  throw new CitibikeError(
    'BAD_SETTING',
    "setting CITIBIKE_TOKEN: the token is unknown, revoked or expired. Create one with 'citibike console-token create NAME', or unset it.",
  );
}

/**
 * Records an action and runs it. If Postgres is unavailable, the action runs anyway after a warning, because
 * it may be what brings Postgres back.
 */
export async function auditedCommand<T>(
  settings: Settings,
  action: CommandAction,
  work: (identity: Identity) => Promise<T>,
): Promise<T> {
  const database = new Database(settings.databaseUrl, { max: 1 });
  try {
    return await onRecord(settings, database, action, work);
  } finally {
    await database.close();
  }
}

async function onRecord<T>(
  settings: Settings,
  database: Database,
  action: CommandAction,
  work: (identity: Identity) => Promise<T>,
): Promise<T> {
  const event: AuditEvent = { via: 'cli', from: hostname(), ...action };
  let identity: Identity;
  let id: number;
  try {
    identity = await identityOfCommand(settings, database);
    id = await beginAction(database, identity, event);
  } catch (error) {
    if (!(error instanceof CitibikeError && error.code === 'UPSTREAM_UNAVAILABLE')) throw error;
    warn(`${action.action} is not in the audit: ${error.message}`);
    return work(unverifiedIdentity(userInfo().username));
  }
  const close = (outcome: string) =>
    closeAction(database, id, outcome).catch((error: unknown) =>
      warn(`the outcome of ${action.action} is not in the audit: ${messageOf(error)}`),
    );
  try {
    const result = await work(identity);
    await close('ok');
    return result;
  } catch (error) {
    await close(messageOf(error));
    throw error;
  }
}

/**
 * Records an action of this machine that has run, such as provisioning before Postgres was ready.
 * @throws CitibikeError UPSTREAM_UNAVAILABLE while Postgres does not answer.
 */
export async function recordDone(settings: Settings, action: CommandAction): Promise<void> {
  const database = new Database(settings.databaseUrl, { max: 1 });
  try {
    const identity = await identityOfCommand(settings, database);
    const id = await beginAction(database, identity, { via: 'cli', from: hostname(), ...action });
    await closeAction(database, id, 'ok');
  } finally {
    await database.close();
  }
}

function warn(text: string): void {
  printNote(`warning: ${text}\n`);
}
