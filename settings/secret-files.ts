/** Reads secret settings from files: `NAME_FILE` names a file with the value of `NAME`, as containers mount their secrets. */
import { readFileSync } from 'node:fs';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import type { Environment } from './settings-type.ts';

/** Holds the settings that can come from a file: every one that is secret, or private as the contact is. Messages never show them. */
export const SECRET_SETTINGS: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'CITIBIKE_TOKEN',
  'DATABASE_OWNER_PASSWORD',
  'DATABASE_OWNER_URL',
  'DATABASE_PASSWORD',
  'DATABASE_READER_PASSWORD',
  'DATABASE_READER_URL',
  'DATABASE_URL',
  'INFERENCE_API_KEY',
  'MLFLOW_TRACKING_PASSWORD',
  'MLFLOW_TRACKING_TOKEN',
  'NOAA_TOKEN',
  'TEMPORAL_API_KEY',
  'WEATHER_CONTACT',
  'WEBHOOK_SECRET',
  'WEBHOOK_URL',
];

/**
 * Adds the secret settings that files contain. A setting in the environment itself takes precedence over its file, and an empty file
 * means unset.
 * @param resolvePath makes the path of a file absolute.
 * @throws CitibikeError BAD_SETTING if a file cannot be read.
 */
export function withSecretFiles(env: Environment, resolvePath: (file: string) => string): Environment {
  const read: Record<string, string> = {};
  for (const name of SECRET_SETTINGS) {
    const file = env[`${name}_FILE`];
    if (!file || env[name] !== undefined) continue;
    const value = contentOf(`${name}_FILE`, resolvePath(file));
    if (value !== '') read[name] = value;
  }
  return { ...env, ...read };
}

function contentOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CitibikeError(
      'BAD_SETTING',
      `setting ${name}: the file cannot be read (${messageOf(error)}); expected a file with the secret that this user can read`,
      { name },
    );
  }
}
