/** Reads web sources with timeouts, and separates transient from permanent errors. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { AllowedSource } from './allow-list.ts';
import { md5OfEtag, type OpenedFile, type SourceEntry } from './entry.ts';
import { withRetries } from './retry.ts';

/** Sets the timeout of listings and HEAD requests, which are small. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Limits the number of redirects of one request; each must lead to an allowed address. */
const MOST_REDIRECTS = 5;

export interface TextOptions {
  readonly signal?: AbortSignal | undefined;
  /** Headers for this address only; a redirect is then an error. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Names the caller for services that require it. Only the origin of this address receives it, because it may hold a contact. */
  readonly userAgent?: string;
  /** Maximum bytes of an answer; 64 MiB hold half a million names of a listing. */
  readonly mostBytes?: number;
}

/** Reads a text, and retries transient errors. @returns the body of a successful answer. */
export async function getText(source: AllowedSource, options: TextOptions = {}): Promise<string> {
  const { signal, credentials, userAgent, mostBytes = 64 * 2 ** 20 } = options;
  const { url } = source;
  return withRetries(async () => {
    const response = await request(
      source,
      { credentials, userAgent },
      signal,
      AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    );
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of bodyOf(response, url, signal)) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes)
        throw new CitibikeError('BAD_ARCHIVE', `${url}: the answer is longer than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }, signal);
}

/** Describes the file at the address; undefined on 404. */
export async function headUrl(source: AllowedSource, signal?: AbortSignal): Promise<SourceEntry | undefined> {
  const { url } = source;
  let response: Response;
  try {
    response = await withRetries(
      () => request(source, { method: 'HEAD' }, signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)),
      signal,
    );
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
  const modified = Date.parse(response.headers.get('last-modified') ?? '');
  return {
    url,
    name: decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''),
    bytes: lengthOf(response),
    etag: versionOf(response),
    modified: Number.isNaN(modified) ? null : modified,
  };
}

/**
 * Requests a file from byte `from` on, if it still has the version `etag`. Otherwise, or if the server does not support ranges, it
 * gets the whole file. Compression is declined, so that sizes and digests are those of the file.
 * @throws CitibikeError SOURCE_NOT_FOUND on 404 and 410, SOURCE_UNAVAILABLE on transient errors, UPSTREAM_REFUSED on other 4xx.
 */
export async function openUrl(
  source: AllowedSource,
  from: number,
  etag: string | null,
  signal: AbortSignal,
): Promise<OpenedFile> {
  const { url } = source;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  // A weak ETag does not guarantee the same bytes (RFC 9110, 13.1.5), so the whole file is requested again.
  if (from > 0 && etag !== null && !etag.startsWith('W/')) {
    headers['range'] = `bytes=${from}-`;
    headers['if-range'] = etag;
  }
  const response = await request(source, { headers }, signal, signal);
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status === 206 && Number(range?.[1]) !== from) {
    await response.body?.cancel();
    throw new CitibikeError(
      'SOURCE_UNAVAILABLE',
      `${url} answered with bytes ${range?.[0] ?? 'of no range'}, expected bytes from ${from} on`,
      { url },
    );
  }
  const version = versionOf(response);
  return {
    from: response.status === 206 ? from : 0,
    etag: version,
    bytes: response.status === 206 ? (range?.[2] === '*' ? null : Number(range?.[2])) : lengthOf(response),
    md5: md5OfEtag(version, encryptionOf(response)),
    body: bodyOf(response, url, signal),
  };
}

function lengthOf(response: Response): number | null {
  const length = response.headers.get('content-length');
  return length === null ? null : Number(length);
}

/** Returns the ETag, or the modification time if there is none. */
function versionOf(response: Response): string | null {
  return response.headers.get('etag') ?? response.headers.get('last-modified');
}

function encryptionOf({ headers }: Response): string | null {
  return (
    headers.get('x-amz-server-side-encryption-customer-algorithm') ??
    headers.get('x-amz-server-side-encryption')
  );
}

async function* bodyOf(
  response: Response,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* (response.body ?? []) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreachable(url, error, signal);
  }
}

interface Asked {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  readonly userAgent?: string | undefined;
}

async function request(
  source: AllowedSource,
  asked: Asked,
  signal: AbortSignal | undefined,
  deadline: AbortSignal,
): Promise<Response> {
  const { method = 'GET', headers = {}, credentials, userAgent } = asked;
  let here = source;
  for (let redirects = 0; ; redirects += 1) {
    const isOwn = new URL(here.url).origin === new URL(source.url).origin;
    const agent = userAgent !== undefined && isOwn ? { 'user-agent': userAgent } : {};
    const response = await send(
      here.url,
      { method, headers: { ...headers, ...credentials, ...agent } },
      signal,
      deadline,
    );
    if (response.ok) return response;
    await response.body?.cancel();
    if (!REDIRECTS.has(response.status)) throw failureOf(here.url, response);
    if (credentials) throw refused(here.url, 'answered with a redirect, which credentials do not follow');
    if (redirects === MOST_REDIRECTS)
      throw refused(source.url, `redirects more than ${MOST_REDIRECTS} times`);
    const location = response.headers.get('location') ?? '';
    if (!URL.canParse(location, here.url)) throw refused(here.url, 'redirects to an invalid address');
    here = here.at(
      new URL(location, here.url).href,
      `${source.field}, redirected by ${new URL(here.url).host}`,
    );
  }
}

/** Status codes of redirects. 300 and 304 are not included, because they name no other address. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

async function send(
  url: string,
  init: RequestInit,
  signal: AbortSignal | undefined,
  deadline: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      ...init,
      // Each redirect target is checked before it is requested.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
  } catch (error) {
    throw unreachable(url, error, signal);
  }
}

function failureOf(url: string, response: Response): CitibikeError {
  const { status } = response;
  if (status === 404 || status === 410)
    return new CitibikeError('SOURCE_NOT_FOUND', `${url} does not exist (HTTP ${status})`, { url, status });
  // 416 means that the local bytes are not a part of the current file.
  const passes = status >= 500 || status === 429 || status === 408 || status === 416;
  if (!passes) return refused(url, `answered HTTP ${status} and does not allow reading`, { status });
  const details = { url, status, ...retryAfterOf(response) };
  return new CitibikeError('SOURCE_UNAVAILABLE', `${url} answered HTTP ${status}`, details);
}

function refused(url: string, what: string, details: object = {}): CitibikeError {
  return new CitibikeError('UPSTREAM_REFUSED', `${url} ${what}`, { url, ...details });
}

/** Parses `Retry-After`, which is a number of seconds or a date. */
function retryAfterOf(response: Response): { retryAfterMs?: number } {
  const value = response.headers.get('retry-after');
  if (value === null) return {};
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return ms > 0 ? { retryAfterMs: ms } : {};
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
