/** Creates Python environments for tests and benches from pinned lists. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findPython, hasUv, installUv } from '../../stack/install/python.ts';
import { lastWords, run, type RunResult } from '../../stack/install/run-command.ts';

/** Signals that no package registry answers: a test that needs one may skip, and gives the reason. */
export class RegistryUnreachableError extends Error {}

/** Matches the messages of uv and pip when they cannot connect; any other error is a failure. */
const UNREACHABLE =
  /error sending request|failed to fetch|dns error|connection (refused|reset|timed out)|could not connect|network is unreachable|max retries exceeded|operation timed out/i;

export interface PythonEnvironment {
  /** Folder of the environment, which is created again when the lists change. */
  readonly folder: string;
  /** Lists the requirements files. Each is complete, pinned and hashed; no other package is installed. */
  readonly requirements: readonly string[];
}

/** @returns the interpreter. @throws RegistryUnreachableError, or Error that names what cannot be installed. */
export async function installEnvironment(
  { folder, requirements }: PythonEnvironment,
  log: (line: string) => void,
): Promise<string> {
  const python = path.join(folder, 'bin', 'python');
  const stamp = path.join(folder, 'requirements.sha256');
  const hash = createHash('sha256');
  for (const file of requirements) hash.update(readFileSync(file));
  const digest = hash.digest('hex');
  // This file is written last: an environment without it, or with another list, is created again.
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
    assertDone(await installUv(folder), 'python -m pip install uv');
    uv = path.join(folder, 'bin', 'uv');
  }
  const lists = requirements.flatMap((file) => ['--requirement', file]);
  const options = ['--compile-bytecode', '--no-deps', '--require-hashes'];
  await must(uv, ['pip', 'install', '--python', python, ...options, ...lists]);
  writeFileSync(stamp, digest);
  return python;
}

async function must(file: string, args: string[]): Promise<void> {
  assertDone(await run(file, args), `${path.basename(file)} ${args.slice(0, 3).join(' ')}`);
}

function assertDone(result: RunResult, command: string): void {
  if (result.code === 0) return;
  const message = `${command}: ${lastWords(result)}`;
  if (UNREACHABLE.test(result.output)) throw new RegistryUnreachableError(message);
  throw new Error(message);
}
