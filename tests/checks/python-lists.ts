/** Finds the pinned lists of Python packages, and checks that each package in them has hashes. */
import { globSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';

const LISTS = [
  'stack/*-requirements.txt',
  'tests/python/*.txt',
  'tests/fixtures/*.txt',
  'tests/bench/peers/*.txt',
];

/** @returns paths from the project's root. */
export function pythonLists(): string[] {
  return globSync(LISTS, { cwd: PROJECT_DIR }).map((file) => file.split(path.sep).join('/'));
}

/** @returns `name==version` of each package. */
export function requirementsOf(list: string): string[] {
  return list.split('\n').flatMap((line) => /^[a-z0-9][\w.-]*==[^\s\\;]+/i.exec(line) ?? []);
}

/** @returns one line per violation. */
export function faultsOfPythonList(file: string, list: string): string[] {
  const faults: string[] = [];
  // A requirement spans several lines; all but the last end with a backslash.
  for (const entry of list.replaceAll('\\\n', ' ').split('\n')) {
    const [requirement = '', ...options] = entry.trim().split(/\s+/);
    if (requirement === '' || requirement.startsWith('#')) continue;
    if (requirementsOf(requirement).length === 0)
      faults.push(`${file}: ${requirement} is not name==version; pin a package of the index`);
    else if (options.length === 0 || !options.every((option) => /^--hash=sha256:[0-9a-f]{64}$/.test(option)))
      faults.push(`${file}: ${requirement} has no SHA-256 hashes; run 'npm run python:hashes'`);
  }
  return faults;
}
