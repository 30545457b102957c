/** The Python environment of the peers, installed by the bench itself from a pinned list. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findPython, hasUv } from '../../../stack/install/python.ts';
import { lastWords, run } from '../../../stack/install/run.ts';

const REQUIREMENTS = path.join(import.meta.dirname, '..', 'peers', 'dataframes.txt');

/** @returns the interpreter. @throws Error that says what could not be installed. */
export async function installPeers(folder: string, log: (line: string) => void): Promise<string> {
  const python = path.join(folder, 'bin', 'python');
  const stamp = path.join(folder, 'requirements.sha256');
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  // Written last: an environment without it, or of another list, is made anew.
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  log('installing the Python peers');
  const found = await findPython();
  if (!found) throw new Error('no Python 3.11 or newer on PATH, which the peers need');
  let uv = 'uv';
  if (await hasUv()) {
    await must('uv', ['venv', '--python', found.command, folder]);
  } else {
    await must(found.command, ['-m', 'venv', folder]);
    await must(python, ['-m', 'pip', 'install', '--quiet', 'uv']);
    uv = path.join(folder, 'bin', 'uv');
  }
  await must(uv, ['pip', 'install', '--python', python, '--compile-bytecode', '--requirement', REQUIREMENTS]);
  writeFileSync(stamp, digest);
  return python;
}

/** `pandas 3.1.1`, ... as installed. */
export async function versionsOf(python: string, packages: readonly string[]): Promise<string[]> {
  const code = `import importlib.metadata as m, platform\nprint("Python", platform.python_version())\nfor p in ${JSON.stringify(packages)}: print(p, m.version(p))`;
  const { output } = await must(python, ['-c', code]);
  return output.trim().split('\n');
}

async function must(file: string, args: string[]) {
  const result = await run(file, args);
  if (result.code === 0) return result;
  throw new Error(`${path.basename(file)} ${args.slice(0, 3).join(' ')}: ${lastWords(result)}`);
}
