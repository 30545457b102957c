/** Manages the credentials of the local stack, and the settings that follow from them and from the ports. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { APPLICATION_ROLE, OWNER_ROLE, READER_ROLE } from '../adapters/postgres/grants.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import { readJson, writeJson } from './json-file.ts';
import { postgresData } from './postgres-home.ts';
import type { Layout } from './stack-layout.ts';

export interface Credentials {
  /** Password of Postgres' superuser, which is used only to create the roles below. */
  readonly postgresPassword: string;
  readonly ownerPassword: string;
  readonly applicationPassword: string;
  readonly readerPassword: string;
  /** Password of MLflow's own role on its own database. */
  readonly mlflowDatabasePassword: string;
  readonly s3AccessKeyId: string;
  readonly s3SecretAccessKey: string;
}

/** Holds empty credentials, which suffice to ask services for their addresses. */
export const UNKNOWN_CREDENTIALS: Credentials = {
  postgresPassword: '',
  ownerPassword: '',
  applicationPassword: '',
  readerPassword: '',
  mlflowDatabasePassword: '',
  s3AccessKeyId: '',
  s3SecretAccessKey: '',
};

/** Marks every process of an instance. Children inherit the mark, so that `down` finds them all. */
export const INSTANCE_MARK = 'CITIBIKE_INSTANCE';

/**
 * Reads the credentials and creates missing ones: all at the first start, new roles after an upgrade, or one
 * that the user removed to rotate it. Call it under the instance's lock.
 * @throws CitibikeError STACK if the credentials are lost but data that needs them exists.
 */
export function credentialsOf(layout: Layout): Credentials {
  const known = readJson<Partial<Credentials>>(layout.credentials);
  if (!known && hasEntries(layout.data)) {
    throw new CitibikeError(
      'STACK',
      `${layout.credentials} is missing or not JSON, and the data in ${layout.data} need its passwords. Restore the file, or delete the data with 'citibike reset'.`,
    );
  }
  // An empty value counts as removed.
  const kept: Partial<Credentials> = Object.fromEntries(
    Object.entries(known ?? {}).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
  if (!kept.postgresPassword && existsSync(path.join(postgresData(layout), 'PG_VERSION'))) {
    throw new CitibikeError(
      'STACK',
      `${layout.credentials} has no postgresPassword, and the databases in ${postgresData(layout)} open only with the one they were made with. Restore the entry, for example from a backup, or delete the data with 'citibike reset'.`,
    );
  }
  const password = (): string => randomBytes(24).toString('base64url');
  const credentials: Credentials = {
    postgresPassword: password(),
    ownerPassword: password(),
    applicationPassword: password(),
    readerPassword: password(),
    mlflowDatabasePassword: password(),
    s3AccessKeyId: `CITIBIKE${randomBytes(6).toString('hex').toUpperCase()}`,
    s3SecretAccessKey: randomBytes(30).toString('base64url'),
    ...kept,
  };
  if (Object.keys(kept).length < Object.keys(credentials).length) writeJson(layout.credentials, credentials);
  return credentials;
}

function hasEntries(directory: string): boolean {
  try {
    return readdirSync(directory).length > 0;
  } catch {
    return false;
  }
}

/** Represents the settings of the running stack under their names in the environment: the content of `env.json`. */
export type StackEnvironment = ReturnType<typeof stackEnvironment>;

export function stackEnvironment(settings: Settings, credentials: Credentials) {
  const { ports } = settings;
  const monitoring = (role: string, password: string): string =>
    databaseUrl(settings, role, password, 'monitoring');
  return {
    PORT_OFFSET: String(settings.portOffset),
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${ports.s3}`,
    AWS_ACCESS_KEY_ID: credentials.s3AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.s3SecretAccessKey,
    AWS_REGION: settings.s3.region,
    MLFLOW_TRACKING_URI: `http://127.0.0.1:${ports.mlflow}`,
    DATABASE_URL: monitoring(APPLICATION_ROLE, credentials.applicationPassword),
    DATABASE_OWNER_URL: monitoring(OWNER_ROLE, credentials.ownerPassword),
    DATABASE_READER_URL: monitoring(READER_ROLE, credentials.readerPassword),
  };
}

export function databaseUrl(settings: Settings, role: string, password: string, database: string): string {
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${settings.ports.postgres}/${database}`;
}

/**
 * Variables that a third-party server inherits: program paths and locale. Others could change its behaviour
 * or leak a secret to it.
 */
const INHERITED = /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|DYLD_\w+)$/;

/** Returns the environment of a third-party server. */
export function serverEnvironment(layout: Layout, extra: Record<string, string>): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && INHERITED.test(entry[0]),
  );
  return { ...Object.fromEntries(own), ...markOf(layout), ...extra };
}

/**
 * Returns the environment of this project's own processes on the stack. Its addresses and keys take precedence over the shell and
 * `.env`, so that the stack's worker uses the stack. An empty value means unset, also over `.env`.
 */
export function ownEnvironment(context: OwnContext): Record<string, string | undefined> {
  // These processes only work with rows; the other roles belong to the supervisor and the command line.
  return {
    ...supervisorEnvironment(context),
    DATABASE_OWNER_URL: '',
    DATABASE_READER_URL: '',
    // Later starts skip type stripping and compilation, which halves their time; trainers and scan threads inherit the folder.
    NODE_COMPILE_CACHE: path.join(context.settings.stackDir, 'compile-cache'),
  };
}

/** Returns the same environment for the supervisor, which also migrates. */
export function supervisorEnvironment({
  settings,
  layout,
  credentials,
}: OwnContext): Record<string, string | undefined> {
  return {
    ...process.env,
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_API_KEY: '',
    TEMPORAL_TLS: 'false',
    MLFLOW_TRACKING_TOKEN: '',
    MLFLOW_TRACKING_USERNAME: '',
    MLFLOW_TRACKING_PASSWORD: '',
    // No service of the local stack listens beyond the loopback.
    INFERENCE_HOST: '127.0.0.1',
    CONSOLE_HOST: '127.0.0.1',
    INFERENCE_URL: '',
    ...markOf(layout),
    ...stackEnvironment(settings, credentials),
  };
}

interface OwnContext {
  readonly settings: Settings;
  readonly layout: Layout;
  readonly credentials: Credentials;
}

function markOf(layout: Layout): Record<string, string> {
  return { [INSTANCE_MARK]: path.resolve(layout.instance) };
}
