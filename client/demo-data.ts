/** Chooses the data of a demo: a given folder, or the public archives if they answer, or else the synthetic system. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../contracts/errors.ts';
import type { IngestInput } from '../contracts/workflows/ingest.ts';
import type { LifecycleInput } from '../contracts/workflows/lifecycle.ts';
import { DEFAULT_SYSTEM, type SystemFacts } from '../contracts/systems.ts';
import { SYNTHETIC_MARKER, tripFileNames } from '../core/ingest/source-names.ts';

const REACH_MS = 4_000;

export interface DemoData {
  /** One line for the reader that names the source of the numbers. */
  readonly description: string;
  readonly lifecycle: Pick<LifecycleInput, 'system' | 'train' | 'test'> & Partial<LifecycleInput>;
  /** A second system, ingested from zip archives, if the folder has one. */
  readonly alsoIngest?: Pick<IngestInput, 'system' | 'from' | 'to'> & Partial<IngestInput>;
  /** Folder that `citibike sample` must write first; undefined for real data. */
  readonly sampleFolder?: string;
}

const SPANS = {
  train: { from: '2024-01', to: '2024-12' },
  test: { from: '2025-01', to: '2025-03' },
} as const;

export interface DemoChoice {
  /** Value of the setting DATA, if it was given. */
  readonly folder: string | undefined;
  /** Value of the setting TRIPS_SOURCE, which replaces the source of the system. */
  readonly tripsSource: string | undefined;
  readonly systems: readonly SystemFacts[];
  /** Model that the prediction service serves. */
  readonly model: string;
  /** Folder for the synthetic system. */
  readonly sampleFolder: string;
}

/**
 * Chooses the data.
 * Probes the public archives of the smallest system, whose months are quick to fetch.
 */
export async function chooseDemoData(choice: DemoChoice): Promise<DemoData> {
  const { folder, systems, model, sampleFolder } = choice;
  if (folder) return dataFolder(folder, systems);
  const smallest = systems.toSorted((a, b) => ridesPerDay(a) - ridesPerDay(b))[0]!;
  const tripsSource = choice.tripsSource ?? smallest.trips.source;
  if (/^https?:/.test(tripsSource) && (await answers(tripsSource))) {
    return {
      description: `real: the public archives of ${smallest.name} at ${tripsSource}, weather from NOAA`,
      lifecycle: { system: smallest.id, ...SPANS, model },
    };
  }
  return {
    description: `SYNTHETIC: this machine cannot reach ${tripsSource}, so these are synthetic trips, and their figures say nothing about real ones. For real ones: make demo DATA=folder`,
    lifecycle: { system: DEFAULT_SYSTEM, ...SPANS, source: { trips: pathToFileURL(sampleFolder).href } },
    sampleFolder,
  };
}

function ridesPerDay({ sample }: SystemFacts): number {
  return sample?.ridesPerDay ?? Infinity;
}

function dataFolder(folder: string, systems: readonly SystemFacts[]): DemoData {
  const absolute = path.resolve(folder);
  if (!existsSync(absolute) || !statSync(absolute).isDirectory()) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `DATA: ${absolute} is not a folder; expected one with trip archives or hourly parquet, and weather CSVs`,
    );
  }
  const source = { trips: pathToFileURL(absolute).href };
  const names = readdirSync(absolute);
  const isSynthetic = names.includes(SYNTHETIC_MARKER);
  const other = systems.find((each) => each.id !== DEFAULT_SYSTEM && names.some(tripFileNames(each)));
  return {
    description: `${isSynthetic ? 'SYNTHETIC' : 'real'}: files in ${folder}`,
    lifecycle: { system: DEFAULT_SYSTEM, ...SPANS, source },
    ...(other && {
      alsoIngest: {
        system: other.id,
        from: SPANS.train.from,
        to: SPANS.test.to,
        source,
        allowMissing: true,
      },
    }),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'follow',
      signal: AbortSignal.timeout(REACH_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}
