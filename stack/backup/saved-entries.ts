/** Lists the files and folders of an instance that a backup saves and a restore replaces. */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { postgresData } from '../postgres-home.ts';
import type { Layout } from '../stack-layout.ts';

/** Names the folder of Postgres in an archive, wherever it is on the disk. */
const POSTGRES_NAME = 'data/postgres';

/**
 * Returns the entries at the top of an archive. Logs, process state and installed software are left out. `env.json` is left out
 * too, because every start writes it.
 */
export function savedPaths(layout: Layout): string[] {
  return [
    layout.data,
    layout.inferenceState,
    layout.credentials,
    layout.sourceFolders,
    layout.version,
    layout.pausedSchedules,
  ];
}

export const nameInArchive = (layout: Layout, file: string): string =>
  path.relative(layout.instance, file).split(path.sep).join('/');

export interface SavedEntry {
  /** Path in the archive, with slashes. */
  readonly name: string;
  readonly file: string;
  readonly isFolder: boolean;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/**
 * Lists what a backup saves, each folder before its content.
 * @throws CitibikeError STACK if there is a link or another special file, which an archive cannot hold.
 */
export function savedEntries(layout: Layout): SavedEntry[] {
  const entries: SavedEntry[] = [];
  for (const file of savedPaths(layout)) add(nameInArchive(layout, file), file);
  const postgres = postgresData(layout);
  if (!entries.some(({ name }) => name === POSTGRES_NAME)) add(POSTGRES_NAME, postgres);
  return entries;

  function add(name: string, file: string): void {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    const isFolder = stat.isDirectory();
    if (!isFolder && !stat.isFile())
      throw new CitibikeError(
        'STACK',
        `${file} is a link or a special file, and a backup holds only files and folders; move its target here`,
      );
    entries.push({ name, file, isFolder, bytes: isFolder ? 0 : stat.size, modifiedAt: stat.mtime });
    if (isFolder)
      for (const child of readdirSync(file).sort()) add(`${name}/${child}`, path.join(file, child));
  }
}
