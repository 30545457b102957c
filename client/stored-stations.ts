/** Reads the stations of a month from the data sets in S3. */
import { readPointer } from '../activities/common/pointer.ts';
import { monthPointer } from '../activities/preprocess/month-folders.ts';
import { ArtifactStore } from '../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../adapters/s3/object-store.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { MonthDataset } from '../contracts/frame.ts';
import { missingStations, type StationHours, type StationMonth } from '../contracts/station-hours.ts';
import { ruleSetOf, type StoredRuleSet } from '../contracts/stored-names.ts';
import type { SystemId } from '../contracts/systems.ts';
import type { Settings } from '../settings.ts';

export interface StationsWanted {
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  /** `YYYY-MM`; undefined: the newest month with stations. */
  readonly month: string | undefined;
}

export interface StoredStations {
  readonly month: string;
  readonly synthetic: boolean;
  readonly stations: readonly StationHours[];
}

/**
 * Reads real months if any was ingested, or else synthetic ones.
 * @throws CitibikeError MISSING_MONTHS if the month was never ingested, or before `ingest` stored stations.
 */
export async function readStoredStations(
  settings: Settings,
  wanted: StationsWanted,
): Promise<StoredStations> {
  const { system, rules, month } = wanted;
  const objects = new ObjectStore(settings.s3);
  try {
    const artifacts = new ArtifactStore(objects);
    const real = await datasetsOf(objects, wanted, false);
    const datasets = real.length > 0 ? real : await datasetsOf(objects, wanted, true);
    const newest = datasets.at(-1);
    const found = datasets.findLast(({ stations }) => stations);
    if (!newest || !found?.stations) throw noStations(system, rules, month ?? newest?.month, newest);
    const { stations } = await artifacts.readJson<StationMonth>(found.stations);
    return { month: found.month, synthetic: found.synthetic, stations };
  } finally {
    objects.close();
  }
}

/** Lists the newest data sets of the months, in order. */
async function datasetsOf(
  objects: ObjectStore,
  { system, rules, month }: StationsWanted,
  synthetic: boolean,
): Promise<MonthDataset[]> {
  const pointer = (of: string) => monthPointer(objects.buckets.data, { system, rules, month: of, synthetic });
  const uris: string[] = [];
  if (month !== undefined) uris.push(pointer(month));
  else {
    const [folder = ''] = pointer('').split('/current.json');
    for await (const { uri } of objects.list(folder)) if (uri.endsWith('/current.json')) uris.push(uri);
  }
  const found = await Promise.all(uris.sort().map((uri) => readPointer<MonthDataset>(objects, uri)));
  return found.filter((dataset) => dataset !== undefined);
}

function noStations(
  system: SystemId,
  rules: StoredRuleSet,
  month: string | undefined,
  newest: MonthDataset | undefined,
): CitibikeError {
  const reason = newest
    ? missingStations(newest)
    : `${system}${month === undefined ? '' : ` ${month}`} was never ingested by the rules '${ruleSetOf(rules)}'; run ingest first`;
  return new CitibikeError('MISSING_MONTHS', reason ?? `${system} has no stations`, { system, month });
}
