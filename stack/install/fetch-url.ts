/** Fetches a release file into memory, up to a maximum size. */
import { messageOf } from '../../contracts/errors.ts';

/** Sets the timeout until the server answers; it is short, so that an offline machine fails fast. */
const CONNECT_TIMEOUT_MS = 6_000;
/** Sets the timeout without receiving a single byte. */
const STALL_TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 5;

/**
 * Fetches the file.
 * @returns undefined if the server answers 404.
 * @throws Error with the reason if the download fails.
 */
export async function fetchFile(address: string, maxBytes: number): Promise<Buffer | undefined> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), CONNECT_TIMEOUT_MS);
  try {
    const answer = await follow(address, controller.signal);
    if (answer.status === 404) return undefined;
    if (!answer.ok || !answer.body) throw new Error(`answered ${answer.status}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), STALL_TIMEOUT_MS);
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`larger than the ${maxBytes} bytes that are accepted`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const cause = error instanceof Error && error.cause ? messageOf(error.cause) : messageOf(error);
    const reason = controller.signal.aborted ? 'no answer' : cause;
    throw new Error(`download of ${address} failed (${reason})`, { cause: error });
  } finally {
    clearTimeout(timer);
    // Releases the connection of a body that was not read.
    controller.abort();
  }
}

/**
 * Follows redirects to https only. `fetch` would also follow one to plain http, where anyone on the network
 * can answer.
 */
async function follow(address: string, signal: AbortSignal): Promise<Response> {
  let at = address;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await fetch(at, { signal, redirect: 'manual' });
    const location = answer.headers.get('location');
    if (answer.status < 300 || answer.status > 399 || !location) return answer;
    await answer.body?.cancel();
    const next = new URL(location, at);
    if (next.protocol !== 'https:')
      throw new Error(`redirected to ${next.protocol}//${next.host}; only https is followed`);
    at = next.href;
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`);
}
