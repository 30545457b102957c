/**
 * Checks packages from registries: integrity of the lock files, licences, and hashes of the Python lists.
 * Part of `make lint`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';
import { faultsOfLicences } from './licences.ts';
import { faultsOfLock, type LockFile } from './lock-file.ts';
import { faultsOfPythonList, pythonLists } from './python-lists.ts';

const read = (file: string): string => readFileSync(path.join(PROJECT_DIR, file), 'utf8');
const lockOf = (file: string): LockFile => JSON.parse(read(file)) as LockFile;

const faults = [
  ...['package-lock.json', 'stack/node/package-lock.json'].flatMap((file) =>
    faultsOfLock(file, lockOf(file)),
  ),
  ...faultsOfLicences('package-lock.json', lockOf('package-lock.json')),
  ...pythonLists().flatMap((file) => faultsOfPythonList(file, read(file))),
];
for (const fault of faults) process.stderr.write(`error: ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
