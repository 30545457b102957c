/** Names the folders of raw data in the data bucket. Synthetic data has separate folders, so that it is never mistaken for real data. */
import type { SystemId } from '../../contracts/systems.ts';

export function systemFolder(system: SystemId, synthetic: boolean): string {
  return synthetic ? `${system}-synthetic` : system;
}

export function weatherFolder(bucket: string, station: string, synthetic: boolean): string {
  return `s3://${bucket}/raw/weather/${synthetic ? `${station}-synthetic` : station}`;
}

/** Returns the address of the JSON `{year, ref}` of a year's newest weather. */
export function weatherPointer(bucket: string, station: string, synthetic: boolean, year: number): string {
  return `${weatherFolder(bucket, station, synthetic)}/current/${year}.json`;
}
