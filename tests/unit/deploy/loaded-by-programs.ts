/** Runs `reachableFiles` as the build of the images does: in Node, whose flag for resolving imports Vitest does not have. */
import { execFileSync } from 'node:child_process';
import { PROJECT_DIR } from '../../../settings.ts';

const SCRIPT = `
  import { reachableFiles } from './deploy/reachable-files.ts';
  const [programs, packages] = process.argv.slice(1);
  const isWanted = (file) => packages === 'with packages' || !file.includes('node_modules');
  const lists = Object.entries(JSON.parse(programs)).map(([name, roots]) => [name, [...reachableFiles(roots, isWanted)]]);
  process.stdout.write(JSON.stringify(Object.fromEntries(lists)));`;
const FLAGS = [
  '--experimental-import-meta-resolve',
  '--no-warnings',
  '--input-type=module',
  '-e',
  SCRIPT,
  '--',
];

/** Lists the files that each list of programs loads, as absolute paths. */
export function loadedByPrograms(
  programs: Readonly<Record<string, readonly string[]>>,
  packages: 'with packages' | 'without packages',
): Record<string, string[]> {
  const output = execFileSync(process.execPath, [...FLAGS, JSON.stringify(programs), packages], {
    cwd: PROJECT_DIR,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output) as Record<string, string[]>;
}
