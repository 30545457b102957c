/** Chooses the data of a demo: a given folder, or the public archives if they answer, or else the synthetic system. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../contracts/errors.ts';
import type { IngestInput } from '../contracts/workflows/ingest.ts';
import type { LifecycleInput } from '../contracts/workflows/lifecycle.ts';

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

/**
 * Chooses the data.
 * @param folder value of the setting DATA, if it was given.
 * @param tripsSource value of the setting TRIPS_SOURCE, which is probed.
 * @param sampleFolder folder for the synthetic system.
 */
export async function chooseDemoData(
  folder: string | undefined,
  tripsSource: string,
  sampleFolder: string,
): Promise<DemoData> {
  if (folder) return dataFolder(folder);
  if (/^https?:/.test(tripsSource) && (await answers(tripsSource))) {
    return {
      description: `real: the public archives of Jersey City at ${tripsSource}, weather from NOAA`,
      lifecycle: { system: 'jc', ...SPANS },
    };
  }
  return {
    description: `SYNTHETIC: this machine cannot reach ${tripsSource}, so these are synthetic trips, and their figures say nothing about Citi Bike. For real ones: make demo DATA=folder`,
    lifecycle: { system: 'nyc', ...SPANS, source: { trips: pathToFileURL(sampleFolder).href } },
    sampleFolder,
  };
}

function dataFolder(folder: string): DemoData {
  const absolute = path.resolve(folder);
  if (!existsSync(absolute) || !statSync(absolute).isDirectory()) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `DATA: ${absolute} is not a folder; expected one with trip archives or hourly parquet, and weather CSVs`,
    );
  }
  const source = { trips: pathToFileURL(absolute).href };
  return {
    description: `real: files in ${folder}`,
    lifecycle: { system: 'nyc', ...SPANS, source },
    alsoIngest: { system: 'jc', from: '2024-01', to: '2025-03', source, allowMissing: true },
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
