/** Makes a copy of the checkout in which the commands of the documentation run. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT_DIR } from '../../settings.ts';

/** What `make setup` and `citibike up` have installed or built here. */
const INSTALLED = ['node_modules', '.stack/bin', '.stack/mlflow', '.stack/node', 'console/web/dist'];
/** Holds the files that make compares with what is installed. */
const LISTS = ['package.json', 'package-lock.json', 'stack/node/package-lock.json'];

export class ScratchCopy {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'citibike-docs-'));

  constructor() {
    // The account of Postgres must reach its data.
    chmodSync(this.folder, 0o755);
    for (const file of git(PROJECT_DIR, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split(
      '\0',
    )) {
      const from = path.join(PROJECT_DIR, file);
      if (file !== '' && existsSync(from))
        cpSync(from, path.join(this.folder, file), { preserveTimestamps: true });
    }
    for (const name of INSTALLED.filter((each) => existsSync(path.join(PROJECT_DIR, each)))) this.#link(name);
    // Nothing that was installed is older than these, so make installs nothing again.
    for (const file of LISTS) utimesSync(path.join(this.folder, file), 0, 0);
    git(this.folder, 'init', '--quiet');
    git(this.folder, 'add', '--all');
    git(
      this.folder,
      '-c',
      'user.name=docs-check',
      '-c',
      'user.email=docs-check@localhost',
      'commit',
      '--quiet',
      '--message',
      'copy',
    );
  }

  /** Undoes what a page changed in files. @returns whether it changed any. */
  restore(): boolean {
    const settings = path.join(this.folder, '.env');
    const isChanged = existsSync(settings) || git(this.folder, 'status', '--porcelain') !== '';
    rmSync(settings, { force: true });
    git(this.folder, 'checkout', '--quiet', '--', '.');
    git(this.folder, 'clean', '-fdq');
    return isChanged;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Makes hard links where the file system allows, because packages and programs take two gigabytes. */
  #link(name: string): void {
    const target = path.join(this.folder, name);
    mkdirSync(target, { recursive: true });
    const from = `${path.join(PROJECT_DIR, name)}/.`;
    try {
      execFileSync('cp', ['-al', from, target], { stdio: 'ignore' });
    } catch {
      execFileSync('cp', ['-a', from, target]);
    }
  }
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
