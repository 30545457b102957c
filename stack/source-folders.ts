/**
 * Manages the folders that the worker of the local stack may read as sources, in addition to those in the
 * settings.
 */
import { readAddedFolders } from '../adapters/sources/allowed-addresses.ts';
import type { Settings } from '../settings.ts';
import { writeJson } from './json-file.ts';
import { layoutOf } from './stack-layout.ts';

type Place = Pick<Settings, 'stackDir' | 'instanceDir'>;

/** Adds a file:// address to the list. The worker reads the list on every check, so it needs no restart. */
export function addSourceFolder(place: Place, address: string): void {
  const known = readAddedFolders(place.instanceDir);
  if (!known.includes(address)) writeJson(layoutOf(place).sourceFolders, [...known, address]);
}

export function removeSourceFolder(place: Place, address: string): void {
  const known = readAddedFolders(place.instanceDir);
  if (known.includes(address))
    writeJson(
      layoutOf(place).sourceFolders,
      known.filter((each) => each !== address),
    );
}
