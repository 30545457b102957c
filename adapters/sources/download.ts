/**
 * One file of a source to a local path, resumed where it broke off. The bytes go to disk as they come, and into an MD5: nothing is
 * held in memory, and what a source says about the content is checked without reading it again.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import { isOtherVersion, type OpenFile, type OpenedFile } from './entry.ts';
import { mayPass, pauseAfter, SHORT_RETRIES, type RetryPolicy } from './retry.ts';

/** A download may take an hour, but not a minute without a byte. */
const STALL_MS = 60_000;

/** Five times the largest archive published so far (1.5 GB, the year 2023): a source that never ends must not fill the disk. */
const LARGEST_DOWNLOAD_BYTES = 8 * 2 ** 30;

export interface DownloadOptions {
  /** For messages. */
  readonly url: string;
  /** Version wanted; null takes what is there, and starts anew whatever the target holds. */
  readonly etag: string | null;
  /** Drop what the target holds. */
  readonly fresh?: boolean;
  /** Size announced; not a byte more than one beyond it is taken. */
  readonly bytes: number | null;
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes there so far, whenever some came. */
  readonly onBytes?: (received: number, total: number | null) => void;
  readonly retry?: RetryPolicy;
  readonly stallMs?: number;
}

export interface Downloaded {
  /** Of what came; null where the source does not say. */
  readonly etag: string | null;
  readonly bytes: number;
  /** Of the bytes that are there now, lower-case hex. */
  readonly md5: string;
  /** What the source says it should be; null where it does not say. */
  readonly expectedMd5: string | null;
  /** Put together from several answers, perhaps of several attempts. */
  readonly resumed: boolean;
}

/**
 * Downloads to `target`, going on behind the bytes that it holds already: those must be of version `etag`.
 * @throws CitibikeError CONFLICT with `details.changed` when the source has another version than `etag`; SOURCE_NOT_FOUND,
 *   SOURCE_UNAVAILABLE or UPSTREAM_REFUSED as the source does; the signal's reason when cancelled.
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

/** One request, and its answer as far as it comes. */
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

/** An answer that says its length and has it is whole, whatever was announced elsewhere; another may have been cut off. */
function checkEnd(url: string, { bytes }: OpenedFile, received: number, announced: number | null): void {
  const due = bytes ?? announced ?? 0;
  if (received >= due) return;
  throw new CitibikeError('SOURCE_UNAVAILABLE', `${url} broke off after ${received} of ${due} bytes`, {
    url,
  });
}

function changed(url: string, wanted: string | null, found: string | null): CitibikeError {
  return new CitibikeError('CONFLICT', `${url} changed: it was ${wanted}, and is ${found} now`, {
    changed: url,
    wanted,
    found,
  });
}

/** HTTP 416: what we have reaches beyond what is there, so it was never a part of it. */
function isBeyondEnd(error: unknown): boolean {
  return error instanceof CitibikeError && error.details['status'] === 416;
}

/** The file as far as it came, and its MD5. */
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

/** Aborts when nothing was heard for too long. */
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
