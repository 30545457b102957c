/** Stores month data sets under their digests, so that a workflow passes one digest per month instead of three references. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../adapters/s3/json-text.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import { monthDescription } from './month-folders.ts';

/** Limits the hex digits of the SHA-256. Two data sets of one month practically never collide. */
const DIGEST_LENGTH = 16;

/** Limits the reads at once. */
const AT_ONCE = 8;

/** Stores a month data set. Returns the digest by which `readMonths` finds it. */
export async function describeMonth(objects: ObjectStore, dataset: MonthDataset): Promise<string> {
  const content = canonicalJson(dataset);
  const digest = digestOfText(content);
  const uri = monthDescription(objects.buckets.data, dataset, digest);
  await objects.put(uri, content, { contentType: 'application/json' });
  return digest;
}

/**
 * Reads month data sets, in the order of the months.
 * @param digests of `describeMonth` by month.
 * @throws CitibikeError CORRUPT_ARTIFACT if a digest does not match.
 */
export async function readMonths(
  objects: ObjectStore,
  key: Pick<MonthDataset, 'system' | 'rules' | 'synthetic'>,
  digests: Readonly<Record<string, string>>,
): Promise<MonthDataset[]> {
  const entries = Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1));
  const datasets: MonthDataset[] = [];
  for (let i = 0; i < entries.length; i += AT_ONCE) {
    const part = entries.slice(i, i + AT_ONCE).map(async ([month, digest]) => {
      const uri = monthDescription(objects.buckets.data, { ...key, month }, digest);
      const text = Buffer.from(await objects.get(uri)).toString('utf8');
      if (digestOfText(text) !== digest) {
        throw new CitibikeError(
          'CORRUPT_ARTIFACT',
          `${uri} was changed: its digest is ${digestOfText(text)}. Run the ingest again with {"cache": false}.`,
          { uri, month },
        );
      }
      return JSON.parse(text) as MonthDataset;
    });
    datasets.push(...(await Promise.all(part)));
  }
  return datasets;
}

function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}
