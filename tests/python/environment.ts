/** Python environments for tests and benches, installed by themselves from pinned lists. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findPython, hasUv } from '../../stack/install/python.ts';
import { lastWords, run } from '../../stack/install/run.ts';

/** No package registry answers: a test that needs one may skip, and says why. */
export class RegistryUnreachableError extends Error {}

/** What uv and pip say when they cannot connect; anything else that fails is a failure. */
const UNREACHABLE =
  /error sending request|failed to fetch|dns error|connection (refused|reset|timed out)|could not connect|network is unreachable|max retries exceeded|operation timed out/i;

export interface PythonEnvironment {
  /** Where it lies; made anew when the lists change. */
  readonly folder: string;
  /** Requirements files, each pinned; with `complete`, nothing beyond them is installed. */
  readonly requirements: readonly string[];
  readonly complete?: boolean;
}

/** @returns the interpreter. @throws RegistryUnreachableError, or Error that says what could not be installed. */
export async function installEnvironment(
  { folder, requirements, complete = false }: PythonEnvironment,
  log: (line: string) => void,
): Promise<string> {
  const python = path.join(folder, 'bin', 'python');
  const stamp = path.join(folder, 'requirements.sha256');
  const hash = createHash('sha256');
  for (const file of requirements) hash.update(readFileSync(file));
  const digest = hash.digest('hex');
  // Written last: an environment without it, or of another list, is made anew.
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  log(`installing ${requirements.map((file) => path.basename(file)).join(' and ')} for Python`);
  const found = await findPython();
  if (!found) throw new Error('no Python 3.11 or newer on PATH');
  let uv = 'uv';
  if (await hasUv()) {
    await must('uv', ['venv', '--python', found.command, folder]);
  } else {
    await must(found.command, ['-m', 'venv', folder]);
    await must(python, ['-m', 'pip', 'install', '--quiet', 'uv']);
    uv = path.join(folder, 'bin', 'uv');
  }
  const lists = requirements.flatMap((file) => ['--requirement', file]);
  const options = ['--compile-bytecode', ...(complete ? ['--no-deps'] : [])];
  await must(uv, ['pip', 'install', '--python', python, ...options, ...lists]);
  writeFileSync(stamp, digest);
  return python;
}

async function must(file: string, args: string[]): Promise<void> {
  const result = await run(file, args);
  if (result.code === 0) return;
  const message = `${path.basename(file)} ${args.slice(0, 3).join(' ')}: ${lastWords(result)}`;
  if (UNREACHABLE.test(result.output)) throw new RegistryUnreachableError(message);
  throw new Error(message);
}
