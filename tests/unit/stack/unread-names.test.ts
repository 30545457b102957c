import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PROJECT_DIR } from '../../../settings.ts';
import { unreadNames } from '../../../settings/unread-names.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'unread-names-test-'));
for (const file of ['.env.example', 'docker-compose.yml'])
  copyFileSync(path.join(PROJECT_DIR, file), path.join(folder, file));
afterAll(() => rmSync(folder, { recursive: true }));

test('a missing .env has no unread names', () => {
  expect(unreadNames(folder)).toEqual([]);
});

test('misspelt names are found; settings, their files and names of other programs are not', () => {
  writeFileSync(
    path.join(folder, '.env'),
    [
      'WEATHER_CONTACT=a@example.org',
      'WEATHER_CONTCT=a@example.org',
      'weather_contact=a@example.org',
      'DATABASE_PASSWORD_FILE=/run/secrets/password',
      'MODEL_NAME_FILE=/run/secrets/model',
      'COMPOSE_PROFILES=single',
      'SECRETS=.secrets',
      'HTTPS_PROXY=http://proxy:3128',
    ].join('\n'),
  );
  expect(unreadNames(folder)).toEqual(['MODEL_NAME_FILE', 'WEATHER_CONTCT', 'weather_contact']);
});
