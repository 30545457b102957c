import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isSecretName } from '../../../contracts/secret-names.ts';
import { loadSettings, PROJECT_DIR } from '../../../settings.ts';
import { SECRET_SETTINGS } from '../../../settings/secret-files.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-secrets-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const settingsWith = (env: Record<string, string>) => loadSettings({ STACK_DIR: folder, ...env });

function secretFile(name: string, content: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

test('every setting with a secret name can come from a file', () => {
  const example = readFileSync(path.join(PROJECT_DIR, '.env.example'), 'utf8');
  const names = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]!);
  expect(SECRET_SETTINGS).toEqual(expect.arrayContaining(names.filter(isSecretName)));
  expect(names).toEqual(expect.arrayContaining([...SECRET_SETTINGS]));
});

test('a secret is read from its file without the final line break', () => {
  const { sources } = settingsWith({ NOAA_TOKEN_FILE: secretFile('noaa', 'a-token-of-noaa\n') });
  expect(sources.noaaToken).toBe('a-token-of-noaa');
});

test('the setting itself takes precedence over its file, and an empty file means unset', () => {
  const file = secretFile('noaa', 'from-file');
  expect(settingsWith({ NOAA_TOKEN: 'from-env', NOAA_TOKEN_FILE: file }).sources.noaaToken).toBe('from-env');
  expect(settingsWith({ WEBHOOK_URL_FILE: secretFile('hook', '\n') }).webhook).toBeUndefined();
});

test('a file that cannot be read is rejected by the name of its setting', () => {
  expect(() => settingsWith({ WEBHOOK_SECRET_FILE: path.join(folder, 'none') })).toThrow(
    /setting WEBHOOK_SECRET_FILE.*ENOENT/,
  );
});

test('the password of a role is added to an address that has none', () => {
  const url = 'postgres://citibike_app@db:5432/monitoring';
  const withFile = settingsWith({
    DATABASE_URL: url,
    DATABASE_PASSWORD_FILE: secretFile('app', 'p@ss/%'),
    DATABASE_READER_URL: 'postgres://citibike_reader:own@db:5432/monitoring',
    DATABASE_READER_PASSWORD: 'other',
  });
  expect(decodeURIComponent(new URL(withFile.databaseUrl).password)).toBe('p@ss/%');
  expect(withFile.databaseOwnerUrl).toBe(withFile.databaseUrl);
  expect(new URL(withFile.databaseReaderUrl).password).toBe('own');
});
