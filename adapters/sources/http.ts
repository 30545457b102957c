/** Web sources: requests with deadlines, and errors that tell a passing fault from a lasting one. */
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { SourceEntry } from './entry.ts';

/** For a listing or a head; these are small. */
const REQUEST_TIMEOUT_MS = 60_000;

/** A download may take an hour, but not a minute without a byte. */
const STALL_TIMEOUT_MS = 60_000;

/** @returns the body of a successful answer, at most `mostBytes` of it. */
export async function getText(url: string, signal?: AbortSignal, mostBytes = 64 * 2 ** 20): Promise<string> {
  const deadline = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await request(url, {}, signal, deadline);
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes)
        throw new CitibikeError('BAD_ARCHIVE', `${url}: the answer is longer than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw unreachable(url, error, signal);
  }
}

/** What is at the address without its bytes, or undefined on 404. */
export async function headUrl(url: string, signal?: AbortSignal): Promise<SourceEntry | undefined> {
  const deadline = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  try {
    response = await request(url, { method: 'HEAD' }, signal, deadline);
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
  const length = response.headers.get('content-length');
  const lastModified = response.headers.get('last-modified');
  const modified = Date.parse(lastModified ?? '');
  return {
    url,
    name: decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''),
    bytes: length === null ? null : Number(length),
    etag: response.headers.get('etag') ?? lastModified,
    modified: Number.isNaN(modified) ? null : modified,
  };
}

/**
 * Streams the body to a file.
 * @throws CitibikeError SOURCE_NOT_FOUND on 404 and 410, SOURCE_UNAVAILABLE on what may pass, UPSTREAM_REFUSED on other 4xx.
 */
export async function downloadUrl(
  url: string,
  file: string,
  options: { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  const stall = new AbortController();
  const restart = () =>
    setTimeout(() => {
      stall.abort(new Error(`no byte for ${STALL_TIMEOUT_MS / 1000} s`));
    }, STALL_TIMEOUT_MS);
  let timer = restart();
  try {
    const response = await request(url, {}, options.signal, stall.signal);
    if (!response.body) throw new Error('an answer without a body');
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer);
        timer = restart();
        options.onBytes?.(chunk.byteLength);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(file));
  } catch (error) {
    throw unreachable(url, error, options.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function request(
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
  deadline: AbortSignal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
  } catch (error) {
    throw unreachable(url, error, signal);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  const { status } = response;
  if (status === 404 || status === 410) {
    throw new CitibikeError('SOURCE_NOT_FOUND', `${url} is not there (HTTP ${status})`, { url, status });
  }
  const passes = status >= 500 || status === 429 || status === 408;
  throw new CitibikeError(
    passes ? 'SOURCE_UNAVAILABLE' : 'UPSTREAM_REFUSED',
    `${url} answered HTTP ${status}${passes ? '' : ': it does not let us read there'}`,
    { url, status },
  );
}

function unreachable(url: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof CitibikeError) return error;
  const cause = (error as { cause?: unknown }).cause;
  const reason = cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
  return new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `${url} could not be read: ${reason}`,
    { url },
    { cause: error },
  );
}
