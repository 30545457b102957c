/** Finds names in `.env` that nothing reads. They are nearly always misspelt. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { SECRET_SETTINGS } from './secret-files.ts';

/** Holds the names that docker, Node and libraries read. */
const OF_OTHERS = /^(COMPOSE|DOCKER|BUILDKIT|NODE|AWS|OTEL|TEMPORAL)_|^(HTTPS?|NO|ALL)_PROXY$/i;

/** Returns the names in the file `.env` of the folder that no setting, compose file or known program reads. */
export function unreadNames(projectDir: string): string[] {
  const read = (file: string) => readFileSync(path.join(projectDir, file), 'utf8');
  let content: string;
  try {
    content = read('.env');
  } catch {
    return [];
  }
  const known = new Set([
    ...Array.from(read('.env.example').matchAll(/^#([A-Z][A-Z0-9_]*)=/gm), (match) => match[1]!),
    ...Array.from(read('docker-compose.yml').matchAll(/\$\{([A-Z][A-Z0-9_]*)/g), (match) => match[1]!),
    ...SECRET_SETTINGS.map((name) => `${name}_FILE`),
  ]);
  return Object.keys(parseEnv(content)).filter((name) => !known.has(name) && !OF_OTHERS.test(name));
}
