/** Names artifacts by what they are, such as `2024-03, nyc`, and not by their digests. */
import { s3Parts } from './addresses.ts';

const KINDS: Readonly<Record<string, string>> = {
  read: 'Archive',
  preprocess: 'Month',
  quality: 'Quality report',
  compose: 'Data set',
  frame: 'Frame',
  train: 'Model',
  search: 'Search',
  evaluate: 'Evaluation',
  drift: 'Drift report',
  'drift-reference': 'Drift reference',
  backtest: 'Backtest',
  'backtest-score': 'Backtest',
};

/** Holds the files that no step made, by the folder that they lie in. */
const RAW_KINDS: Readonly<Record<string, string>> = { tripdata: 'Trip archive', weather: 'Weather' };

const DIGEST = /^[0-9a-f]{12,}$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const SPAN = /^(\d{4}-\d\d)_(\d{4}-\d\d)\.\w+$/;

/** Returns the kind of an artifact. @param step null for a file from outside. */
export function kindOf(uri: string, step: string | null): string {
  if (step) return KINDS[step] ?? step;
  const [, folder = ''] = /^s3:\/\/[^/]+\/raw\/([^/]+)\//.exec(uri) ?? [];
  return RAW_KINDS[folder] ?? 'File';
}

/** Returns the name of an artifact, without its kind. */
export function artifactName(uri: string): string {
  const parts = (s3Parts(uri)?.key ?? uri).split('/').filter((part) => part !== '' && !DIGEST.test(part));
  const file = (parts.at(-1) ?? uri).replace(/^[0-9a-f]{12,}\.?/, '');
  const [, from, to] = SPAN.exec(file) ?? [];
  if (from && to) return from === to ? from : `${from} to ${to}`;
  const at = parts.findIndex((part) => MONTH.test(part));
  if (at < 2) return file || uri;
  const [system, rules, month] = parts.slice(at - 2, at + 1);
  const place = `${month}, ${system}${rules === 'all' ? ', all rides' : ''}`;
  // A month's own file is named by its digest alone.
  return file.includes('.') ? `${place}: ${file}` : place;
}

/** Returns the folder of a step's output, without digests: the same for all files that a step wrote for one purpose. */
export function outputFolder(uri: string): string {
  return uri
    .split('/')
    .slice(0, -1)
    .filter((part) => !DIGEST.test(part))
    .join('/');
}
