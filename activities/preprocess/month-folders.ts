/** Names the folders of month data sets and of parts of archives in the data bucket. */
import type { MonthDataset } from '../../contracts/frame.ts';
import { monthDatasetUri } from '../../contracts/hours.ts';
import { storedName } from '../../contracts/stored-names.ts';

type MonthKey = Pick<MonthDataset, 'system' | 'rules' | 'month' | 'synthetic'>;

export function monthFolder(bucket: string, { system, rules, month, synthetic }: MonthKey): string {
  return `s3://${bucket}/datasets/months/${storedName(system, synthetic)}/${rules}/${month}`;
}

/** Returns the address of the JSON `MonthDataset` of the month's newest data set. */
export function monthPointer(bucket: string, key: MonthKey): string {
  return monthDatasetUri(bucket, { ...key, system: storedName(key.system, key.synthetic) });
}

/**
 * Returns the address of the JSON `MonthDataset` with a digest, the first 16 digits of its SHA-256. It stays the
 * same when the pointer moves, so compositions refer to it.
 */
export function monthDescription(bucket: string, key: MonthKey, digest: string): string {
  return `${monthFolder(bucket, key)}/${digest}.dataset.json`;
}

/** Returns the folder of the month's archive parts, each under its digest. */
export function archiveFolder(bucket: string, { system, rules, month, synthetic }: MonthKey): string {
  return `s3://${bucket}/datasets/archives/${storedName(system, synthetic)}/${rules}/${month}`;
}
