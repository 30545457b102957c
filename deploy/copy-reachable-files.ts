/**
 * Copies programs and everything they load into an empty folder, from which they run:
 * `node --experimental-import-meta-resolve deploy/copy-reachable-files.ts TARGET FILE_OR_FOLDER...`
 */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { reachableFiles } from './reachable-files.ts';

const [target, ...roots] = process.argv.slice(2);
if (!target || roots.length === 0) throw new Error('expected a folder to write to, and files or folders');
for (const file of reachableFiles(roots)) {
  const packages = file.indexOf(`${path.sep}node_modules${path.sep}`);
  const place = packages < 0 ? path.relative(process.cwd(), file) : file.slice(packages + 1);
  cpSync(file, path.join(target, place));
}
