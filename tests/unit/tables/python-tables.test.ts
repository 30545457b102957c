/** Tests random tables that Python wrote (tests/python/random_tables.py), under several time zones and locales. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it, type TestContext } from 'vitest';
import { loadSettings, PROJECT_DIR } from '../../../settings.ts';
import { run } from '../../../stack/install/run-command.ts';
import { installEnvironment, RegistryUnreachableError } from '../../python/python-environment.ts';
import type { Described, RandomTable, ReadRandomTable } from './read-random-tables.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PYTHON_FOLDER = path.join(PROJECT_DIR, 'tests', 'python');
const SCRIPT = path.join(PYTHON_FOLDER, 'random_tables.py');
const CHILD = path.join(import.meta.dirname, 'read-random-tables.ts');
/** Is the seed of the tables. */
const SEED = process.env['TABLES_SEED'] ?? '1';
const PLACES = [
  ['UTC', 'C'],
  ['America/New_York', 'de_DE.UTF-8'],
  ['Asia/Tokyo', 'ja_JP.UTF-8'],
] as const;
/** Holds the columns that pandas writes identically to CSV and to parquet. */
const COMPARABLE = [
  'rows',
  ...['int64', 'uint8', 'float64', 'bool', 'text', 'day'].map((name) => `column ${name}`),
];

let python = '';
let unreachable = '';

beforeAll(async () => {
  try {
    const folder = path.join(loadSettings().stackDir, 'test-tables-python');
    const requirements = [path.join(PYTHON_FOLDER, 'tables.txt')];
    python = await installEnvironment({ folder, requirements }, (line) => console.log(line));
  } catch (error) {
    if (!(error instanceof RegistryUnreachableError)) throw error;
    unreachable = error.message;
  }
}, 600_000);

async function done(file: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const result = await run(file, args, { cwd, env: { ...process.env, ...env } });
  expect(result.code, result.output).toBe(0);
}

const jsonOf = <T>(...names: string[]): T => JSON.parse(readFileSync(path.join(...names), 'utf8')) as T;

it('keeps every cell, rejects undeclared values, and reads the same in every engine, zone and locale', async (context: TestContext) => {
  if (unreachable) context.skip(`no package registry: ${unreachable}`);
  const folder = path.join(temporaryFolder(), 'a b[1] é?');
  mkdirSync(folder);
  await done(python, ['-W', 'ignore', SCRIPT, 'write', SEED, '.'], folder);
  await Promise.all(
    PLACES.map(async ([zone, locale]) => {
      const outputs = path.basename(zone);
      await done(process.execPath, [CHILD, outputs], folder, { TZ: zone, LANG: locale, LC_ALL: locale });
      await done(python, [SCRIPT, 'compare', '.', outputs], folder, { PYTHONUTF8: '1' });
    }),
  );
  const [first, ...others] = PLACES.map(([zone]) =>
    jsonOf<Record<string, ReadRandomTable>>(folder, path.basename(zone), 'columns.json'),
  );
  for (const other of others) expect(other).toEqual(first);
  for (const [file, { small, large }] of Object.entries(first!)) expect(large, file).toEqual(small);
  for (const { file, same } of jsonOf<RandomTable[]>(folder, 'manifest.json'))
    if (same !== undefined)
      expect(comparable(first![same]!.small), file).toEqual(comparable(first![file]!.small));
}, 180_000);

function comparable(table: Described): Described {
  return typeof table === 'string'
    ? table
    : Object.fromEntries(COMPARABLE.map((name) => [name, table[name] ?? 'no column']));
}
