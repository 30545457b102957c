/** Where month data sets, and what archives hold of them, lie in the data bucket. */
import type { MonthDataset } from '../../contracts/frame.ts';
import { systemFolder } from '../common/layout.ts';

type MonthKey = Pick<MonthDataset, 'system' | 'rules' | 'month' | 'synthetic'>;

export function monthFolder(bucket: string, { system, rules, month, synthetic }: MonthKey): string {
  return `s3://${bucket}/datasets/months/${systemFolder(system, synthetic)}/${rules}/${month}`;
}

/** JSON `MonthDataset`: the newest data set of the month. */
export function monthPointer(bucket: string, key: MonthKey): string {
  return `${monthFolder(bucket, key)}/current.json`;
}

/** JSON `MonthDataset` as it was made once, by the first 16 digits of its SHA-256: what a composition is made of, however the pointer moves. */
export function monthDescription(bucket: string, key: MonthKey, digest: string): string {
  return `${monthFolder(bucket, key)}/${digest}.dataset.json`;
}

/** Parts of the archives read for the month, each under its digest. */
export function archiveFolder(bucket: string, { system, rules, month, synthetic }: MonthKey): string {
  return `s3://${bucket}/datasets/archives/${systemFolder(system, synthetic)}/${rules}/${month}`;
}
