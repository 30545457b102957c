import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { loadSettings, PORTS, PROJECT_DIR } from '../../../settings.ts';

const example = readFileSync(path.join(PROJECT_DIR, '.env.example'), 'utf8');
const listed = [...example.matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]!);

/** Matches names in capitals as settings.ts writes them; others derive from the ports. */
function settingNames(): string[] {
  const source = ['settings.ts', 'settings/setting-groups.ts']
    .map((file) => readFileSync(path.join(PROJECT_DIR, file), 'utf8'))
    .join('\n');
  const written = [...source.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].map((match) => match[1]!);
  const notSettings = new Set(['BAD_SETTING']);
  const ports = Object.keys(PORTS).map((service) => `${service.replace(/[A-Z]/g, '_$&').toUpperCase()}_PORT`);
  return [...new Set([...written.filter((name) => !notSettings.has(name)), ...ports])];
}

test('.env.example lists every setting once and nothing else', () => {
  expect(listed.toSorted()).toEqual(settingNames().toSorted());
});

test('the values in .env.example are the defaults', () => {
  const elsewhere = { STACK_DIR: '/nonexistent' };
  const shown = parseEnv(example.replaceAll(/^#(?=[A-Z][A-Z0-9_]*=)/gm, ''));
  delete shown['STACK_DIR'];
  delete shown['INFERENCE_STATE_DIR'];
  expect(loadSettings({ ...shown, ...elsewhere })).toEqual(loadSettings(elsewhere));
});
