/** Where month data sets lie in the data bucket. */
import type { MonthDataset } from '../../contracts/frame.ts';
import { systemFolder } from '../fetch/layout.ts';

type MonthKey = Pick<MonthDataset, 'system' | 'rules' | 'month' | 'synthetic'>;

export function monthFolder(bucket: string, { system, rules, month, synthetic }: MonthKey): string {
  return `s3://${bucket}/datasets/months/${systemFolder(system, synthetic)}/${rules}/${month}`;
}

/** JSON `MonthDataset`: the newest data set of the month. */
export function monthPointer(bucket: string, key: MonthKey): string {
  return `${monthFolder(bucket, key)}/current.json`;
}
