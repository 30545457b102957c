/** Installs MLflow into a Python virtual environment of its own. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { readJson, writeJson } from '../json-file.ts';
import { PYTHON_MINIMUM } from '../versions.ts';
import type { Report } from './binary.ts';
import { findPython, hasUv, installUv } from './python.ts';
import { lastWords, run, type RunResult } from './run-command.ts';

const REQUIREMENTS_FILE = path.join(import.meta.dirname, '..', 'mlflow-requirements.txt');

/** Is written last. An environment without a stamp, or with one of another list, is recreated. */
interface Stamp {
  readonly requirements: string;
}

function requirementsDigest(): string {
  return createHash('sha256').update(readFileSync(REQUIREMENTS_FILE)).digest('hex');
}

const stampFile = (folder: string): string => path.join(folder, 'citibike.json');

export function isMlflowInstalled(folder: string): boolean {
  const isCurrent = readJson<Stamp>(stampFile(folder))?.requirements === requirementsDigest();
  // A virtual environment links to the Python that created it, and that Python may have been removed.
  return isCurrent && existsSync(path.join(folder, 'bin', 'python'));
}

/**
 * Installs MLflow if needed.
 * @throws CitibikeError STACK that says what is missing and what to do.
 */
export async function installMlflow(folder: string, report: Report): Promise<void> {
  if (isMlflowInstalled(folder)) return;
  await rm(folder, { recursive: true, force: true });
  const uv = await makeEnvironment(folder, report);
  report('installing MLflow and its dependencies (about 350 MB)');
  const python = path.join(folder, 'bin', 'python');
  // The list is complete and pinned. The install compiles it, because compiling would delay the first start by a minute.
  const options = ['--no-deps', '--require-hashes', '--compile-bytecode', '--requirement', REQUIREMENTS_FILE];
  // Build dependencies have no hash. Only Intel Macs need them, because cryptography has no wheel for that
  // platform.
  const wheels = process.platform === 'darwin' && process.arch === 'x64' ? [] : ['--no-build'];
  await must('install MLflow', uv, ['pip', 'install', '--python', python, ...wheels, ...options]);
  writeJson(stampFile(folder), { requirements: requirementsDigest() } satisfies Stamp);
  report('installed');
}

/**
 * Creates the environment.
 * @returns the uv that installs the packages: the machine's, or one installed into the new environment.
 */
async function makeEnvironment(folder: string, report: Report): Promise<string> {
  const wanted = PYTHON_MINIMUM.join('.');
  const python = await findPython();
  if (await hasUv()) {
    report('creating a Python environment with uv');
    await must('create a Python environment', 'uv', [
      'venv',
      '--python',
      python?.command ?? `>=${wanted}`,
      folder,
    ]);
    return 'uv';
  }
  if (!python?.hasVenv) {
    const found = python
      ? `${python.command} ${python.version} has no venv module`
      : `there is no Python ${wanted} or newer on PATH`;
    throw new CitibikeError(
      'STACK',
      `cannot install MLflow: ${found}. Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python), or install uv (https://docs.astral.sh/uv).`,
    );
  }
  report(`creating a Python environment with ${python.command} ${python.version}`);
  await must('create a Python environment', python.command, ['-m', 'venv', folder]);
  // uv installs and compiles the list three times as fast as pip.
  assertDone('install uv', await installUv(folder), 'python -m pip');
  return path.join(folder, 'bin', 'uv');
}

async function must(what: string, file: string, args: string[]): Promise<void> {
  assertDone(what, await run(file, args), `${path.basename(file)} ${args[0]}`);
}

function assertDone(what: string, result: RunResult, command: string): void {
  if (result.code === 0) return;
  throw new CitibikeError('STACK', `MLflow: cannot ${what}: ${lastWords(result)} (${command})`);
}
