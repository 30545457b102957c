/** Credentials of the embedded stack, and the settings that follow from them and from the ports. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Layout } from './layout.ts';

export interface Credentials {
  readonly postgresPassword: string;
  readonly s3AccessKeyId: string;
  readonly s3SecretAccessKey: string;
}

/** Marks every process of an instance, so that none can be lost: children inherit it. */
export const INSTANCE_MARK = 'CITIBIKE_INSTANCE';

/** Read, or made at the first start. @throws CitibikeError STACK when they are lost but data made with them are there. */
export function credentialsOf(layout: Layout): Credentials {
  const known = readJson<Credentials>(layout.credentials);
  if (known) return known;
  if (hasEntries(layout.data)) {
    throw new CitibikeError(
      'STACK',
      `${layout.credentials} is missing or not JSON, and the data in ${layout.data} need its passwords. Put it back, or wipe the data with 'citibike reset'.`,
    );
  }
  const made: Credentials = {
    postgresPassword: randomBytes(18).toString('base64url'),
    s3AccessKeyId: `CITIBIKE${randomBytes(6).toString('hex').toUpperCase()}`,
    s3SecretAccessKey: randomBytes(30).toString('base64url'),
  };
  writeJson(layout.credentials, made);
  return made;
}

function hasEntries(directory: string): boolean {
  try {
    return readdirSync(directory).length > 0;
  } catch {
    return false;
  }
}

/** The settings of the running stack under their names in the environment: the content of `env.json`. */
export function stackEnvironment(settings: Settings, credentials: Credentials): Record<string, string> {
  const { ports } = settings;
  return {
    PORT_OFFSET: String(settings.portOffset),
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${ports.s3}`,
    AWS_ACCESS_KEY_ID: credentials.s3AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.s3SecretAccessKey,
    AWS_REGION: settings.s3.region,
    MLFLOW_TRACKING_URI: `http://127.0.0.1:${ports.mlflow}`,
    DATABASE_URL: databaseUrl(settings, credentials, 'monitoring'),
  };
}

export function databaseUrl(settings: Settings, credentials: Credentials, database: string): string {
  return `postgres://postgres:${credentials.postgresPassword}@127.0.0.1:${settings.ports.postgres}/${database}`;
}

/** Families of variables that would lead a server to somewhere else than this stack. */
const STEERING = /^(AWS_|MLFLOW_|_MLFLOW|PG|DATABASE_URL$|TEMPORAL_|VGW_|ROOT_(ACCESS|SECRET)|PYTHON)/;

/** The environment of a server that is not ours: this process' own, without what steers it elsewhere, plus what is given. */
export function serverEnvironment(layout: Layout, extra: Record<string, string>): Record<string, string> {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !STEERING.test(entry[0]),
  );
  return { ...Object.fromEntries(own), ...markOf(layout), ...extra };
}

/**
 * The environment of our own processes on this stack: its addresses and keys win over the shell's and over `.env`, because a
 * worker of the embedded stack works on the embedded stack. Empty means unset, also over `.env`.
 */
export function ownEnvironment({
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
    // Nothing of this stack listens beyond the loopback.
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
