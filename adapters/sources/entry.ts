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
