import type { ObjectStore } from '../s3/object-store.ts';

/** A file at a source, as its listing gives it. */
export interface SourceEntry {
  readonly url: string;
  /** Last part of its path. */
  readonly name: string;
  readonly bytes: number | null;
  /** Changes whenever the content does; of a local file its time of change. */
  readonly etag: string | null;
  /** Epoch milliseconds. */
  readonly modified: number | null;
}

/** What reaching a source may need. */
export interface SourceAccess {
  readonly objects: ObjectStore;
  readonly signal?: AbortSignal;
}

/** A source's answer to a request for a file: its bytes from `from` on. */
export interface OpenedFile {
  /** 0 where the source gives the whole file, though its rest was asked for. */
  readonly from: number;
  /** Of what is being sent; null where the source does not say. */
  readonly etag: string | null;
  /** Of the whole file; null where the source does not say. */
  readonly bytes: number | null;
  /** Of the whole file, lower-case hex; null where the source does not say. */
  readonly md5: string | null;
  /** Breaks with an error of the catalogue when the source does. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Asks for one file.
 * @param from first byte wanted.
 * @param etag of the version that earlier bytes came from; the whole file comes where it cannot be matched.
 */
export type OpenFile = (from: number, etag: string | null, signal: AbortSignal) => Promise<OpenedFile>;

/**
 * MD5 of the content where an S3 ETag is one: of an object put in one part, not encrypted with a key of KMS or of the customer.
 * Objects of several parts have `-N` at the end.
 */
export function md5OfEtag(etag: string | null, encryption: string | null | undefined): string | null {
  if (encryption && encryption !== 'AES256') return null;
  return /^"?([0-9a-f]{32})"?$/i.exec(etag ?? '')?.[1]?.toLowerCase() ?? null;
}

/** Whether two ETags (or two times of change, where there is no ETag) are of different content. What cannot be compared may be the same. */
export function isOtherVersion(one: string | null, other: string | null): boolean {
  if (one === null || other === null || isTag(one) !== isTag(other)) return false;
  return plainTag(one) !== plainTag(other);
}

/** `"…"` or `W/"…"`, not a date. */
function isTag(etag: string): boolean {
  return /^(W\/)?"/.test(etag);
}

/** Compression on the way makes a strong ETag weak; the file is the same. */
function plainTag(etag: string): string {
  return etag.replace(/^W\//, '');
}
