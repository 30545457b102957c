/** Names the folders of raw data in the data bucket. Synthetic data has separate folders, so that it is never mistaken for real data. */
import { storedName } from '../../contracts/stored-names.ts';

export function weatherFolder(bucket: string, station: string, synthetic: boolean): string {
  return `s3://${bucket}/raw/weather/${storedName(station, synthetic)}`;
}

/** Returns the address of the JSON `{year, ref}` of a year's newest weather. */
export function weatherPointer(bucket: string, station: string, synthetic: boolean, year: number): string {
  return `${weatherFolder(bucket, station, synthetic)}/current/${year}.json`;
}
