/** Finds a Python that supports MLflow's pinned packages, and the uv that installs them. */
import path from 'node:path';
import { PYTHON_MINIMUM } from '../versions.ts';
import { run, type RunResult } from './run-command.ts';

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python'];

export interface Python {
  readonly command: string;
  readonly version: string;
  /** True if `python -m venv` works. Debian and Ubuntu package it separately. */
  readonly hasVenv: boolean;
}

/** Finds the first Python that is new enough, and prefers one that can create virtual environments. */
export async function findPython(): Promise<Python | undefined> {
  let withoutVenv: Python | undefined;
  for (const command of CANDIDATES) {
    const probe =
      'import sys; print("%d.%d.%d" % sys.version_info[:3])\ntry:\n import ensurepip, venv; print("venv")\nexcept ImportError: pass';
    const { code, output } = await run(command, ['-c', probe], { timeoutMs: 20_000 });
    const [version = '', venv] = output.trim().split('\n');
    if (code !== 0 || !isNewEnough(version)) continue;
    const python = { command, version, hasVenv: venv === 'venv' };
    if (python.hasVenv) return python;
    withoutVenv ??= python;
  }
  return withoutVenv;
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > PYTHON_MINIMUM[0] || (major === PYTHON_MINIMUM[0] && minor >= PYTHON_MINIMUM[1]);
}

export async function hasUv(): Promise<boolean> {
  return (await run('uv', ['--version'])).code === 0;
}

const UV_LIST = path.join(import.meta.dirname, '..', 'uv-requirements.txt');

/** Installs the pinned uv into a virtual environment with that environment's pip. */
export async function installUv(environment: string): Promise<RunResult> {
  const python = path.join(environment, 'bin', 'python');
  const options = ['--no-deps', '--require-hashes', '--only-binary', ':all:', '--requirement', UV_LIST];
  return run(python, ['-m', 'pip', 'install', '--quiet', ...options]);
}
