/** Tells by its address what an object in S3 is, so that retention never touches an object that it does not know. */
import type { RetainedKind } from '../../contracts/workflows/retention.ts';

export const MANIFEST_SUFFIX = '.manifest.json';

/** Represents an object that retention may remove. */
export interface RetainedObject {
  readonly kind: RetainedKind;
  /** Address of the object; of an artifact without the suffix of its manifest. */
  readonly uri: string;
}

/** Is the prefix in the artifacts bucket. Retention removes cached results before the artifacts that they name. */
export const CACHE_PREFIX = 'step-cache/';

/** Prefixes in the data bucket with artifacts. The others are files of people, or are read by other programs. */
export const DATA_PREFIXES = ['datasets/archives/', 'datasets/months/', 'raw/'] as const;

const CACHE_ENTRY = /^step-cache\/[^/]+\/[0-9a-f]{64}\.json$/;
const CHECKPOINT = /^checkpoints\/[^/]+\/[^/]+$/;
const STEP_LOG = /\/logs\/[0-9a-f-]{36}\/[^/]+-\d+(\.\d+)?\.log$/;
const REPORT = /^quality\/|\/(quality|drift|evaluate|backtest|retention)\/[0-9a-f]{16}\/[^/]+$/;

/** Describes an object of the artifacts bucket by its key. Returns undefined for an object that always stays. */
export function retainedObject(bucket: string, key: string): RetainedObject | undefined {
  const uri = `s3://${bucket}/${key}`;
  if (CACHE_ENTRY.test(key)) return { kind: 'cache-entry', uri };
  if (CHECKPOINT.test(key)) return { kind: 'checkpoint', uri };
  if (STEP_LOG.test(key)) return { kind: 'step-log', uri };
  return retainedArtifact(bucket, key);
}

/**
 * Describes an object of the data bucket by its key. An object without a manifest is not known to be an artifact. The description of
 * a month data set is like a cached result: a run finds it by its digest, and it is of use while what it names exists.
 */
export function retainedArtifact(bucket: string, key: string): RetainedObject | undefined {
  if (key.endsWith(MONTH_DESCRIPTION)) return { kind: 'cache-entry', uri: `s3://${bucket}/${key}` };
  if (!key.endsWith(MANIFEST_SUFFIX)) return undefined;
  const artifact = key.slice(0, -MANIFEST_SUFFIX.length);
  return { kind: REPORT.test(artifact) ? 'report' : 'artifact', uri: `s3://${bucket}/${artifact}` };
}

const MONTH_DESCRIPTION = '.dataset.json';
const POINTER = /\/current(\/\d{4})?\.json$/;

/** Checks whether a key of the data bucket is a pointer to the newest month or the newest weather of a year. */
export function isPointer(key: string): boolean {
  return POINTER.test(key);
}
