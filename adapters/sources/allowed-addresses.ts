/** Builds the allow-lists of a worker from its settings and from folders added at run time. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AllowList } from './allow-list.ts';

export interface AddressSettings {
  readonly sources: {
    /** Undefined: each system has its own source. */
    readonly trips?: string | undefined;
    readonly weather: string;
    readonly forecasts: string;
    /** Additional addresses to read from. */
    readonly allow: readonly string[];
    /** Additional addresses to write to, besides the folder for predictions. */
    readonly outputs: readonly string[];
  };
  readonly dataBucket: string;
  /** Returns the folders added at run time; every check calls it. */
  readonly added?: () => readonly string[];
}

export interface AllowedAddresses {
  readonly sources: AllowList;
  readonly outputs: AllowList;
}

export function allowedAddresses({ sources, dataBucket, added }: AddressSettings): AllowedAddresses {
  const data = `s3://${dataBucket}`;
  const { trips, weather, forecasts, allow, outputs } = sources;
  return {
    sources: new AllowList({
      setting: 'SOURCE_ALLOW',
      expected:
        'the source of trips, WEATHER_SOURCE, WEATHER_FORECASTS, the data bucket or an entry of SOURCE_ALLOW',
      entries: () => [
        ...(trips === undefined ? [] : [trips]),
        ...[weather, forecasts, data],
        ...allow,
        ...(added?.() ?? []),
      ],
    }),
    outputs: new AllowList({
      setting: 'OUTPUT_ALLOW',
      expected: `${data}/predictions or an entry of OUTPUT_ALLOW`,
      entries: () => [`${data}/predictions`, ...outputs],
    }),
  };
}

/**
 * Returns the path of the JSON list of allowed file:// addresses. It lets a running worker allow a folder
 * that `citibike demo` adds.
 */
export function addedFoldersFile(instanceDir: string): string {
  return path.join(instanceDir, 'source-folders.json');
}

/** Returns an empty list if the file is missing or unreadable. */
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
