/** Where raw data lie in the data bucket. Synthetic data live in folders of their own, so that they cannot pass for real. */
import type { System } from '../../contracts/options.ts';

export function systemFolder(system: System, synthetic: boolean): string {
  return synthetic ? `${system}-synthetic` : system;
}

export function weatherFolder(bucket: string, station: string, synthetic: boolean): string {
  return `s3://${bucket}/raw/weather/${synthetic ? `${station}-synthetic` : station}`;
}

/** JSON `{year, ref}` of a year's newest weather. */
export function weatherPointer(bucket: string, station: string, synthetic: boolean, year: number): string {
  return `${weatherFolder(bucket, station, synthetic)}/current/${year}.json`;
}
