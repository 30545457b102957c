/**
 * Downloads one file of a source to a local path, and resumes interrupted downloads. Bytes are written to disk and hashed as they
 * arrive, so nothing is held in memory, and the source's MD5 is checked without a second read.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import { isOtherVersion, type OpenFile, type OpenedFile } from './entry.ts';
import { mayPass, pauseAfter, SHORT_RETRIES, type RetryPolicy } from './retry.ts';

/** Sets the milliseconds without a byte after which a download fails; the whole download may take an hour. */
const STALL_MS = 60_000;

/** Equals five times the largest published archive (1.5 GB, the year 2023), so that an endless source does not fill the disk. */
const LARGEST_DOWNLOAD_BYTES = 8 * 2 ** 30;

export interface DownloadOptions {
  /** Address, for messages. */
  readonly url: string;
  /** Expected version; null accepts the current one and discards what the target contains. */
  readonly etag: string | null;
  /** Discards what the target contains. */
  readonly fresh?: boolean;
  /** Announced size; the download stops one byte beyond it. */
  readonly bytes: number | null;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes so far whenever some arrive. */
  readonly onBytes?: (received: number, total: number | null) => void;
  readonly retry?: RetryPolicy;
  readonly stallMs?: number;
}

export interface Downloaded {
  /** ETag of the downloaded version; null if the source sends none. */
  readonly etag: string | null;
  readonly bytes: number;
  /** MD5 of the downloaded file, in lower-case hex. */
  readonly md5: string;
  /** MD5 that the source announces; null if it announces none. */
  readonly expectedMd5: string | null;
  /** True if the file was assembled from several answers, perhaps of several attempts. */
  readonly resumed: boolean;
}

/**
 * Downloads to `target` and continues after the bytes that it already contains, which must be of version `etag`.
 * @throws CitibikeError CONFLICT with `details.changed` if the source has another version than `etag`; SOURCE_NOT_FOUND,
 *   SOURCE_UNAVAILABLE or UPSTREAM_REFUSED like the source; the signal's reason if cancelled.
 */
export async function download(
  openFile: OpenFile,
  target: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  const { signal, retry = SHORT_RETRIES } = options;
  const partial = await Partial.at(target, options.etag !== null && !options.fresh);
  try {
    const state: DownloadState = {
      etag: options.etag,
      expectedMd5: null,
      resumed: partial.size > 0,
      complete: partial.size > 0 && partial.size === options.bytes,
    };
    let furthest = partial.size;
    let failures = 0;
    while (!state.complete) {
      try {
        await receive(openFile, partial, state, options);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (!mayPass(error)) throw error;
        if (isBeyondEnd(error)) await partial.restart();
        failures = partial.size > furthest ? 1 : failures + 1;
        furthest = Math.max(furthest, partial.size);
        if (failures >= retry.attempts) throw error;
        await pauseAfter(error, failures, signal, retry);
      }
    }
    const { etag, expectedMd5, resumed } = state;
    return { etag, bytes: partial.size, md5: partial.md5(), expectedMd5, resumed };
  } finally {
    await partial.close();
  }
}

interface DownloadState {
  etag: string | null;
  expectedMd5: string | null;
  resumed: boolean;
  complete: boolean;
}

/** Sends one request and writes its answer until it ends or breaks. */
async function receive(
  openFile: OpenFile,
  partial: Partial,
  state: DownloadState,
  options: DownloadOptions,
): Promise<void> {
  const { signal, url, onBytes, stallMs = STALL_MS } = options;
  const most = options.bytes === null ? LARGEST_DOWNLOAD_BYTES : options.bytes + 1;
  const watch = new StallWatch(stallMs, url);
  try {
    const from = state.etag === null ? 0 : partial.size;
    const opened = await openFile(from, state.etag, withSignal(watch.signal, signal));
    if (isOtherVersion(state.etag, opened.etag)) throw changed(url, state.etag, opened.etag);
    if (opened.from !== partial.size) await partial.restart();
    state.resumed = partial.size > 0;
    state.etag ??= opened.etag;
    state.expectedMd5 = opened.md5;
    const total = opened.bytes ?? options.bytes;
    for await (const chunk of opened.body) {
      watch.heard();
      await partial.append(chunk);
      onBytes?.(partial.size, total);
      if (partial.size >= most) break;
    }
    if (partial.size < most) checkEnd(url, opened, partial.size, options.bytes);
    state.complete = true;
  } catch (error) {
    throw signal?.aborted ? signal.reason : (watch.stalled ?? error);
  } finally {
    watch.stop();
  }
}

/** Checks that the answer is complete: by its own length if it has one, otherwise by the announced size. */
function checkEnd(url: string, { bytes }: OpenedFile, received: number, announced: number | null): void {
  const due = bytes ?? announced ?? 0;
  if (received >= due) return;
  throw new CitibikeError('SOURCE_UNAVAILABLE', `${url} ended after ${received} of ${due} bytes`, {
    url,
  });
}

function changed(url: string, wanted: string | null, found: string | null): CitibikeError {
  return new CitibikeError('CONFLICT', `${url} changed: expected version ${wanted}, got ${found}`, {
    changed: url,
    wanted,
    found,
  });
}

/** Tells whether the answer is HTTP 416: the local bytes exceed the file, so they are not a part of it. */
function isBeyondEnd(error: unknown): boolean {
  return error instanceof CitibikeError && error.details['status'] === 416;
}

/** Holds the partial file and its MD5. */
class Partial {
  size = 0;
  #md5: Hash = createHash('md5');
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async at(file: string, keep: boolean): Promise<Partial> {
    const { O_RDWR, O_CREAT, O_TRUNC } = constants;
    const partial = new Partial(await open(file, O_RDWR | O_CREAT | (keep ? 0 : O_TRUNC), 0o600));
    if (keep) {
      for await (const chunk of createReadStream(file)) {
        partial.#md5.update(chunk as Buffer);
        partial.size += (chunk as Buffer).byteLength;
      }
    }
    return partial;
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#md5.update(chunk);
    for (let written = 0; written < chunk.byteLength;) {
      const { bytesWritten } = await this.#handle.write(
        chunk,
        written,
        chunk.byteLength - written,
        this.size,
      );
      written += bytesWritten;
      this.size += bytesWritten;
    }
  }

  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#md5 = createHash('md5');
    this.size = 0;
  }

  md5(): string {
    return this.#md5.copy().digest('hex');
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Aborts a download that receives no bytes for too long. */
class StallWatch {
  stalled: CitibikeError | undefined;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(afterMs: number, url: string) {
    this.#timer = setTimeout(() => {
      const seconds = afterMs / 1000;
      this.stalled = new CitibikeError('SOURCE_UNAVAILABLE', `${url} sent no byte for ${seconds} s`, { url });
      this.#controller.abort(this.stalled);
    }, afterMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  heard(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function withSignal(own: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other ? AbortSignal.any([own, other]) : own;
}
