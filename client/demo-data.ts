/** Which data a demo runs on: a folder given, the public archives where they answer, else the synthetic system. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../contracts/errors.ts';
import type { IngestInput } from '../contracts/workflows/ingest.ts';
import type { LifecycleInput } from '../contracts/workflows/lifecycle.ts';

const REACH_MS = 4_000;

export interface DemoData {
  /** One line for the reader, saying what the numbers come from. */
  readonly description: string;
  readonly lifecycle: Pick<LifecycleInput, 'system' | 'train' | 'test'> & Partial<LifecycleInput>;
  /** A second system, through the zip path, where the folder has one. */
  readonly alsoIngest?: Pick<IngestInput, 'system' | 'from' | 'to'> & Partial<IngestInput>;
  /** True when `citibike sample` must have been run into `folder` first. */
  readonly sampleFolder?: string;
}

const SPANS = {
  train: { from: '2024-01', to: '2024-12' },
  test: { from: '2025-01', to: '2025-03' },
} as const;

/**
 * @param folder of the setting DATA; undefined where none was given.
 * @param tripsSource setting TRIPS_SOURCE, asked whether it answers.
 * @param sampleFolder where the synthetic system goes.
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
    description: `SYNTHETIC: ${tripsSource} cannot be reached from here, so these are made-up trips; their figures say nothing about Citi Bike. Real ones: make demo DATA=folder`,
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
