/**
 * Implements `npm run python:hashes`: writes the hashes of all files of each pinned version into the lists of
 * Python packages.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';
import { lastWords, run } from '../../stack/install/run-command.ts';
import { pythonLists, requirementsOf } from './python-lists.ts';

const HEADER =
  '# `npm run python:hashes` writes the hashes. To change a version, change it here and run that.\n';
const OPTIONS = ['--no-deps', '--generate-hashes', '--no-header', '--no-annotate', '--quiet'];

const folder = mkdtempSync(path.join(tmpdir(), 'citibike-hashes-'));
const versions = path.join(folder, 'versions.in');
const hashed = path.join(folder, 'hashed.txt');
try {
  for (const list of pythonLists()) {
    const file = path.join(PROJECT_DIR, list);
    writeFileSync(versions, requirementsOf(readFileSync(file, 'utf8')).join('\n'));
    rmSync(hashed, { force: true });
    const result = await run('uv', ['pip', 'compile', ...OPTIONS, versions, '--output-file', hashed]);
    if (result.code !== 0) throw new Error(`${list}: uv pip compile failed: ${lastWords(result)}`);
    writeFileSync(file, HEADER + readFileSync(hashed, 'utf8'));
    process.stdout.write(`${list}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
