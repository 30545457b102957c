/** Reads single settings from the environment and validates them. */
import { isIPv4, isIPv6 } from 'node:net';
import { secretIn } from '../contracts/address-secrets.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { isSecretName } from '../contracts/secret-names.ts';
import { showValue } from '../contracts/show-value.ts';
import { SECRET_SETTINGS } from './secret-files.ts';
import type { Environment } from './settings-type.ts';

export const HTTP_URL = /^https?:\/\/[^/]+/;

export function fail(name: string, value: string, expected: string): never {
  const shown = SECRET_SETTINGS.includes(name) || isSecretName(name) ? '(not shown)' : showValue(value);
  throw new CitibikeError('BAD_SETTING', `setting ${name}: got ${shown}, expected ${expected}`, {
    name,
    expected,
  });
}

export function integer(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const raw = env[name];
  if (raw === undefined || raw === '') return fallback;
  const value = Number(raw);
  if (!Number.isInteger(value) || value < min || value > max)
    fail(name, raw, `an integer from ${min} to ${max}`);
  return value;
}

export function text(
  env: Environment,
  name: string,
  fallback: string,
  pattern = /./,
  expected = 'a text',
): string {
  const raw = env[name] || fallback;
  if (!pattern.test(raw)) fail(name, raw, expected);
  return raw;
}

/**
 * Reads an address and rejects secrets in it, because addresses appear in messages and logs.
 * @param instead advice for an address that contains a secret.
 */
export function address(
  env: Environment,
  name: string,
  fallback: string,
  pattern: RegExp,
  expected: string,
  instead: string,
): string {
  const value = text(env, name, fallback, pattern, expected);
  const secret = secretIn(value);
  if (secret === undefined) return value;
  throw new CitibikeError(
    'BAD_SETTING',
    `setting ${name}: the address holds ${secret}, which would appear in messages and logs; ${instead}`,
    { name },
  );
}

export function choice<const T extends string>(
  env: Environment,
  name: string,
  fallback: T,
  choices: readonly T[],
): T {
  const raw = (env[name] || fallback) as T;
  if (!choices.includes(raw)) fail(name, raw, `one of ${choices.join(', ')}`);
  return raw;
}

export function optional(env: Environment, name: string): string | undefined {
  return env[name] || undefined;
}

/** Reads a text without a default, and validates it. */
export function optionalText(
  env: Environment,
  name: string,
  pattern: RegExp,
  expected: string,
): string | undefined {
  return env[name] ? text(env, name, '', pattern, expected) : undefined;
}

/** Reads an address without a default, as `address` does. */
export function optionalAddress(
  env: Environment,
  name: string,
  ...rules: [pattern: RegExp, expected: string, instead: string]
): string | undefined {
  return env[name] ? address(env, name, '', ...rules) : undefined;
}

/** Parses a comma-separated list of addresses; a comma within an address is written %2C. */
export function addresses(env: Environment, name: string, schemes: readonly string[]): string[] {
  const entries = (env[name] ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : undefined;
    const known = schemes.some((scheme) => entry.startsWith(scheme));
    if (url && known && url.username === '' && url.password === '') return entry;
    // The message omits the value, because it may contain a password.
    fail(
      name,
      '(not shown)',
      `addresses without user names, separated by commas, each with ${schemes.join(' or ')}`,
    );
  });
}

/** Parses a comma-separated list of addresses and networks. */
export function networks(env: Environment, name: string): string[] {
  const entries = (env[name] ?? '').split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    const [address = '', bits, ...rest] = entry.split('/');
    const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    if (most < 0 || !fits || rest.length > 0)
      fail(name, entry, 'IP addresses or networks such as 10.0.0.0/8, with commas between');
    return entry;
  });
}
