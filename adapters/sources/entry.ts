import type { ObjectStore } from '../s3/object-store.ts';

/** Represents a file of a source, as listed. */
export interface SourceEntry {
  readonly url: string;
  /** Last segment of the path. */
  readonly name: string;
  readonly bytes: number | null;
  /** Version that changes with the content; for a local file its modification time. */
  readonly etag: string | null;
  /** Epoch milliseconds. */
  readonly modified: number | null;
}

/** Represents the means of access that a source may require. */
export interface SourceAccess {
  readonly objects: ObjectStore;
  readonly signal?: AbortSignal;
}

/** Represents the answer of a source to a request for a file, with its bytes from `from` on. */
export interface OpenedFile {
  /** First byte of the answer; 0 if the source sends the whole file although the rest was requested. */
  readonly from: number;
  /** ETag of the sent version; null if the source sends none. */
  readonly etag: string | null;
  /** Size of the whole file; null if unknown. */
  readonly bytes: number | null;
  /** MD5 of the whole file in lower-case hex; null if unknown. */
  readonly md5: string | null;
  /** Bytes; throws an error of the catalogue if the source fails. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Requests one file.
 * @param from first requested byte.
 * @param etag version of the earlier bytes. If the source cannot match it, it sends the whole file.
 */
export type OpenFile = (from: number, etag: string | null, signal: AbortSignal) => Promise<OpenedFile>;

/**
 * Returns the MD5 of the content if the S3 ETag is one. That requires an object uploaded in one part, without encryption by a key of
 * KMS or of the customer. ETags of several parts end in `-N`.
 */
export function md5OfEtag(etag: string | null, encryption: string | null | undefined): string | null {
  if (encryption && encryption !== 'AES256') return null;
  return /^"?([0-9a-f]{32})"?$/i.exec(etag ?? '')?.[1]?.toLowerCase() ?? null;
}

/** Tells whether two ETags, or two modification times, mean different content. Incomparable versions count as the same. */
export function isOtherVersion(one: string | null, other: string | null): boolean {
  if (one === null || other === null || isTag(one) !== isTag(other)) return false;
  return plainTag(one) !== plainTag(other);
}

/** Tells whether a version is an ETag, `"…"` or `W/"…"`, and not a date. */
function isTag(etag: string): boolean {
  return /^(W\/)?"/.test(etag);
}

/** Strips the weak prefix, because compression in transit makes a strong ETag weak although the file is the same. */
function plainTag(etag: string): string {
  return etag.replace(/^W\//, '');
}
