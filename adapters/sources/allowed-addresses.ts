/** The allow-lists of a worker, from its settings and from what was added while it runs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AllowList } from './allow-list.ts';

export interface AddressSettings {
  readonly sources: {
    readonly trips: string;
    readonly weather: string;
    /** Addresses beside those two. */
    readonly allow: readonly string[];
    /** Addresses to write to, beside the folder for predictions. */
    readonly outputs: readonly string[];
  };
  readonly dataBucket: string;
  /** Folders added meanwhile; asked at every check. */
  readonly added?: () => readonly string[];
}

export interface AllowedAddresses {
  readonly sources: AllowList;
  readonly outputs: AllowList;
}

export function allowedAddresses({ sources, dataBucket, added }: AddressSettings): AllowedAddresses {
  const data = `s3://${dataBucket}`;
  const { trips, weather, allow, outputs } = sources;
  return {
    sources: new AllowList({
      setting: 'SOURCE_ALLOW',
      expected: 'TRIPS_SOURCE, WEATHER_SOURCE, the data bucket or an entry of SOURCE_ALLOW',
      entries: () => [trips, weather, data, ...allow, ...(added?.() ?? [])],
    }),
    outputs: new AllowList({
      setting: 'OUTPUT_ALLOW',
      expected: `${data}/predictions or an entry of OUTPUT_ALLOW`,
      entries: () => [`${data}/predictions`, ...outputs],
    }),
  };
}

/** JSON list of file:// addresses beside the local stack's state, so that a worker that runs already allows a folder that the demo is given. */
export function addedFoldersFile(instanceDir: string): string {
  return path.join(instanceDir, 'source-folders.json');
}

/** Empty where there is no list, or none that can be read. */
export function readAddedFolders(instanceDir: string): string[] {
  try {
    const list: unknown = JSON.parse(readFileSync(addedFoldersFile(instanceDir), 'utf8'));
    return Array.isArray(list)
      ? list.filter((entry): entry is string => /^file:\/\//.test(String(entry)))
      : [];
  } catch {
    return [];
  }
}
